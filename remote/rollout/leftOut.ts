import type { Balancer } from '../balancer/balancer.ts';
import type { Looked } from './look.ts';
import type { Rollout } from './record.ts';

interface Of {
  workspace: string;
  app: string;
  /** The balancers before each box, by its name. */
  balancers: ReadonlyMap<string, readonly Balancer[]>;
  /** Earlier rollouts, newest first, but for those that somebody still runs. */
  rollouts(): Iterable<Rollout>;
}

/** What boxes said, with the balancers that they are behind, and those of them that they were left out of. */
export function withBalancers(looked: readonly Looked[], of: Of): Looked[] {
  // Most boxes have none, and then no record is read.
  const isNone = [...of.balancers.values()].every((all) => all.length === 0);
  const rollouts = isNone ? [] : [...of.rollouts()];
  return looked.map((one) => {
    const balancers = (of.balancers.get(one.box) ?? []).map(({ name }) => name);
    const { isIll, outOf } = lastOut(rollouts, of, one.box);
    const names = outOf.filter((name) => balancers.includes(name));
    return { ...one, balancers, leftOutOf: isIll ? [] : names, staysOutOf: isIll ? names : [] };
  });
}

/**
 * The balancers that a box is out of by the last rollout that took it out: since it was broken off, or lost sight of the box, or could not put it back;
 * or since it found that the box may not serve.
 */
function lastOut(
  rollouts: readonly Rollout[],
  { workspace, app }: Of,
  box: string,
): { outOf: string[]; isIll: boolean } {
  for (const one of rollouts) {
    if (one.workspace !== workspace || one.app !== app) continue;
    const known = one.boxes.find((other) => other.box === box);
    const { stage, outOf = [] } = known?.balancing ?? {};
    if (known === undefined || stage === undefined || (stage === 'before' && outOf.length === 0)) continue;
    return { outOf, isIll: stage === 'left_out' && known.outcome !== 'unreachable' };
  }
  return { outOf: [], isIll: false };
}

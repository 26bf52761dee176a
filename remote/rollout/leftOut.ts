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
    const leftOutOf = wasLeftOutOf(rollouts, of, one.box).filter((name) => balancers.includes(name));
    return { ...one, balancers, leftOutOf };
  });
}

/**
 * The balancers that a box is out of since a rollout was broken off, or lost sight of it, or could not put it back: by the last one that took it out.
 * Where that found that the box does not serve, a person has to say when it does: nothing.
 */
function wasLeftOutOf(rollouts: readonly Rollout[], { workspace, app }: Of, box: string): string[] {
  for (const one of rollouts) {
    if (one.workspace !== workspace || one.app !== app) continue;
    const known = one.boxes.find((other) => other.box === box);
    const { stage, outOf = [] } = known?.balancing ?? {};
    if (known === undefined || stage === undefined || (stage === 'before' && outOf.length === 0)) continue;
    const isKnownIll = stage === 'left_out' && known.outcome !== 'unreachable';
    return isKnownIll ? [] : outOf;
  }
  return [];
}

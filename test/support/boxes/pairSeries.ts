import { type Random, randomFrom } from '../../torture/random.ts';
import { begin, deploy, type Ended, ended, follow, mainPid } from './agentOf.ts';
import type { Box } from './box.ts';
import type { Kind } from './pairBox.ts';

/** One deployment of a series, and how it may end. */
export interface Trial {
  version: string;
  kind: Kind;
  /** The agent is killed when the deployment has had so many events. */
  killedAt?: number;
  /** Whether it was: some deployments end before. */
  wasKilled?: boolean;
  ends: readonly Ended['result'][];
}

/** So many deployments, of which some go wrong; one of each trouble is among them where there is room. @param events of a usual one. */
export function seriesOf(count: number, seed: number, events: number): Trial[] {
  const random = randomFrom(seed);
  const sure: [Kind, boolean][] = [
    ['sound', true],
    ['ill', false],
    ['refused', false],
    ['sound', false],
  ];
  const drawn = Array.from(
    { length: count },
    (_, at) => sure[at] ?? ([kindOf(random), random.chance(0.3)] as const),
  );
  return shuffled(random, drawn).map(([kind, isKilled], at) => ({
    version: `2.${at}${kind === 'sound' ? '' : `-${kind}`}`,
    kind,
    ...(isKilled ? { killedAt: 1 + random.below(events) } : {}),
    ends: endsOf(kind, isKilled),
  }));
}

function kindOf(random: Random): Kind {
  return random.pick(['sound', 'sound', 'sound', 'sound', 'ill', 'refused']);
}

/** One that is killed before it is committed is given up; behind that it goes on to its end, or back. */
function endsOf(kind: Kind, isKilled: boolean): Trial['ends'] {
  if (!isKilled) return [kind === 'sound' ? 'done' : 'rolled_back'];
  return kind === 'sound' ? ['done', 'failed'] : ['rolled_back', 'failed'];
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: random.below(2 ** 31) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Carries one out, with the agent killed where that is due, and started again by systemd. */
export async function deployAmid(box: Box, trial: Trial): Promise<Ended> {
  const { version, killedAt } = trial;
  if (killedAt === undefined) return await deploy(box, { version });
  const before = await mainPid(box);
  const id = await begin(box, { version });
  let seen = 0;
  await follow(box, id, ({ type }) => {
    trial.wasKilled = type !== 'end';
    return type === 'end' || ++seen === killedAt;
  });
  await box.sh('systemctl kill --signal=KILL --kill-whom=main strata-agent');
  // It is active when it listens. So often as here systemd would give it up.
  const isNew = `[ "$(systemctl show --property=MainPID --value strata-agent)" != ${before} ]`;
  const isUp = 'systemctl is-active --quiet strata-agent';
  await box.sh(`until ${isNew} && ${isUp}; do sleep 0.05; done; systemctl reset-failed strata-agent`);
  return await ended(box, id);
}

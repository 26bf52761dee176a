import type { Deployment, DeploymentState } from '../../protocol/deployment.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { FollowOptions } from '../events.ts';
import { RemoteError } from '../failure.ts';
import type { RemoteAgent } from '../remoteAgent.ts';
import type { Outcome, RolloutBox } from './record.ts';
import type { Run } from './run.ts';

/**
 * Tells what happens in a deployment until it has ended, and cancels it once the rollout is to stop.
 * @returns how it ended, and why.
 */
export async function followDeployment(
  run: Run,
  one: RolloutBox,
  agent: RemoteAgent,
): Promise<[Outcome, string | null]> {
  const id = one.deployment ?? '';
  let isCancelled = false;
  const cancel = async () => {
    isCancelled = true;
    await cancelDeployment(run, one.box, () => agent.cancel(id, run.leave));
  };
  if (run.signal.aborted) await cancel();
  run.signal.addEventListener('abort', cancel, { once: true });
  try {
    await tellEvents(run, one, agent.events.bind(agent, id));
    run.leave.throwIfAborted();
    const deployment = await agent.deployment(id, run.leave);
    one.version = deployment.version;
    one.previous = deployment.previous ?? one.previous;
    one.previousChannel = deployment.previousChannel ?? null;
    return outcomeOf(one, deployment, isCancelled);
  } finally {
    run.signal.removeEventListener('abort', cancel);
  }
}

type Events = (after: number, options: FollowOptions) => AsyncIterable<DeploymentEvent>;

/** How long an agent may be away while it deploys, in milliseconds: a box may start anew meanwhile. */
const usualPatienceMs = 600_000;

async function tellEvents(run: Run, one: RolloutBox, events: Events): Promise<void> {
  const { box } = one;
  const following = events(one.lastEvent, {
    follow: true,
    signal: run.leave,
    away: (reason) => run.tell({ type: 'away', box, reason }),
    back: () => run.tell({ type: 'back', box }),
    patienceMs: run.patienceMs ?? usualPatienceMs,
  });
  for await (const event of following) {
    await note(run, one, event);
    run.tell({ type: 'event', box, event });
  }
}

const changes: readonly DeploymentState[] = ['committed', 'activated', 'healthy', 'rolling_back'];

async function note(run: Run, one: RolloutBox, event: DeploymentEvent): Promise<void> {
  one.lastEvent = event.seq;
  if (one.isCommitted || event.type !== 'state' || !changes.includes(event.state)) return;
  one.isCommitted = true;
  await run.save();
}

async function cancelDeployment(run: Run, box: string, cancel: () => Promise<Deployment>): Promise<void> {
  try {
    await cancel();
    run.tell({ type: 'cancelling', box, reason: null });
  } catch (error) {
    if (run.leave.aborted) return;
    // Its end is waited for all the same.
    if (!(error instanceof RemoteError)) throw error;
    run.tell({ type: 'cancelling', box, reason: error.message });
  }
}

function outcomeOf(
  one: RolloutBox,
  { id, result, reason }: Deployment,
  isCancelled: boolean,
): [Outcome, string | null] {
  if (result === null) return ['unreachable', `what happens in the deployment ${id} is no longer told`];
  if (result === 'done') return [one.isCommitted ? 'done' : 'no_change', reason];
  return [isCancelled && result !== 'unknown' ? 'cancelled' : result, reason];
}

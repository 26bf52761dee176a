import type { Deployment, DeploymentState } from '../../protocol/deployment.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { FollowOptions } from '../events.ts';
import { RemoteError } from '../failure.ts';
import type { RemoteAgent } from '../remoteAgent.ts';
import type { RolloutBox } from './record.ts';
import type { Run } from './run.ts';

/** How it ended on a box, and whether the box serves: what it had before, or what was asked for. */
export interface End extends Pick<RolloutBox, 'outcome' | 'reason'> {
  serves: boolean;
  /** Nothing was changed on the box. */
  isUntouched?: boolean;
}

/**
 * Tells what happens in a deployment until it has ended, and cancels it once the rollout is to stop.
 */
export async function followDeployment(run: Run, one: RolloutBox, agent: RemoteAgent): Promise<End> {
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

function outcomeOf(one: RolloutBox, { id, result, reason }: Deployment, isCancelled: boolean): End {
  if (result === null) {
    const why = `what happens in the deployment ${id} is no longer told`;
    return { outcome: 'unreachable', reason: why, serves: false };
  }
  if (result === 'done') return { outcome: one.isCommitted ? 'done' : 'no_change', reason, serves: true };
  const outcome = isCancelled && result !== 'unknown' ? 'cancelled' : result;
  const isUntouched = result === 'failed' && !one.isCommitted;
  return { outcome, reason, serves: isUntouched || result === 'rolled_back', isUntouched };
}

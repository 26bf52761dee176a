import { RemoteError, type RemoteFailure } from '../failure.ts';
import type { RemoteAgent } from '../remoteAgent.ts';
import { putBack, takeOut } from './balancing.ts';
import { type End, followDeployment } from './follow.ts';
import { keyOf, type RolloutBox } from './record.ts';
import type { Run } from './run.ts';

/** Deploys to one box, or goes on where that was broken off; to its end, or until nobody waits any longer. */
export async function runBox(run: Run, one: RolloutBox): Promise<void> {
  const agent = run.agents.get(one.box);
  if (agent === undefined) {
    const reason = `nobody knows a way to the box ${one.box}`;
    return await end(run, one, { outcome: 'unreachable', reason });
  }
  try {
    if (one.deployment === null && !(await begin(run, one))) return;
    const ended = one.isLive ? liveEnd(one) : await deployTo(run, one, agent);
    await end(run, one, await putBack(run, one, ended));
  } catch (error) {
    if (!run.leave.aborted) throw error;
    const outOf = one.balancing?.outOf ?? [];
    run.tell({ type: 'left', box: one.box, deployment: one.deployment, outOf: [...outOf] });
  }
}

/** Puts down that something is begun. @returns whether it is. */
async function begin(run: Run, one: RolloutBox): Promise<boolean> {
  if (one.isBegun) return true;
  one.isBegun = true;
  one.began = Date.now();
  await run.save();
  if (!run.signal.aborted && run.brokenRecord() === undefined) return true;
  one.isBegun = false;
  one.began = null;
  return false;
}

function liveEnd({ reason }: RolloutBox): End {
  return { outcome: 'no_change', reason, serves: true };
}

/** Takes the box out of its balancers, and deploys. */
async function deployTo(run: Run, one: RolloutBox, agent: RemoteAgent): Promise<End> {
  const hindered = one.deployment === null ? await takeOut(run, one) : undefined;
  if (hindered !== undefined) return hindered;
  try {
    if (one.deployment === null) await ask(run, one, agent);
    return await followDeployment(run, one, agent);
  } catch (error) {
    if (run.leave.aborted || !(error instanceof RemoteError)) throw error;
    return failed(one, error);
  }
}

/** Asks for the deployment; the record says before that it may have been. */
async function ask(run: Run, one: RolloutBox, agent: RemoteAgent): Promise<void> {
  const { id, version } = await agent.deploy(one.request, keyOf(run.rollout, one), run.leave);
  one.deployment = id;
  one.version = version;
  await run.save();
  run.tell({ type: 'accepted', box: one.box, deployment: id, version });
}

async function end(
  run: Run,
  one: RolloutBox,
  { outcome, reason }: Pick<End, 'outcome' | 'reason'>,
): Promise<void> {
  one.outcome = outcome;
  one.reason = reason;
  one.ended = Date.now();
  await run.save();
  run.tell({ type: 'ended', box: one.box, result: { ...one } });
}

/** What an agent answers is a refusal while nothing runs; once something may run, its end is not known. */
function failed({ deployment }: RolloutBox, error: RemoteError): End {
  const { message, isInDoubt } = error;
  const gone = (reason: string): End => ({ outcome: 'unreachable', reason, serves: false });
  if (deployment !== null) return gone(`${message}; the deployment ${deployment} may go on there`);
  if (isInDoubt) return gone(`${message}; nobody knows whether it deploys`);
  const outcome = isUnanswered(error) ? 'unreachable' : 'refused';
  return { outcome, reason: message, serves: true, isUntouched: true };
}

/** Nothing that can be relied upon was answered. */
const unanswered: readonly RemoteFailure[] = ['unreachable', 'untrusted', 'confused'];

/** Whether an agent did not answer, rather than say no. */
export function isUnanswered({ code }: RemoteError): boolean {
  return unanswered.includes(code);
}

import { RemoteError, type RemoteFailure } from '../failure.ts';
import type { RemoteAgent } from '../remoteAgent.ts';
import { followDeployment } from './follow.ts';
import { keyOf, type Outcome, type RolloutBox } from './record.ts';
import type { Run } from './run.ts';

/** Deploys to one box, or goes on where that was broken off; to its end, or until nobody waits any longer. */
export async function runBox(run: Run, one: RolloutBox): Promise<void> {
  const agent = run.agents.get(one.box);
  if (agent === undefined)
    return await end(run, one, 'unreachable', `nobody knows a way to the box ${one.box}`);
  try {
    if (one.deployment === null && !(await begin(run, one, agent))) return;
    await end(run, one, ...(await followDeployment(run, one, agent)));
  } catch (error) {
    if (run.leave.aborted) return run.tell({ type: 'left', box: one.box, deployment: one.deployment });
    if (!(error instanceof RemoteError)) throw error;
    await end(run, one, ...failed(one, error));
  }
}

/** Asks for the deployment; the record says so before. @returns whether it is asked for. */
async function begin(run: Run, one: RolloutBox, agent: RemoteAgent): Promise<boolean> {
  if (!one.isBegun) {
    one.isBegun = true;
    one.began = Date.now();
    await run.save();
    if (run.signal.aborted || run.brokenRecord() !== undefined) {
      one.isBegun = false;
      one.began = null;
      return false;
    }
  }
  const { id, version } = await agent.deploy(one.request, keyOf(run.rollout, one), run.leave);
  one.deployment = id;
  one.version = version;
  await run.save();
  run.tell({ type: 'accepted', box: one.box, deployment: id, version });
  return true;
}

async function end(run: Run, one: RolloutBox, outcome: Outcome, reason: string | null): Promise<void> {
  one.outcome = outcome;
  one.reason = reason;
  one.ended = Date.now();
  await run.save();
  run.tell({ type: 'ended', box: one.box, result: { ...one } });
}

/** What an agent answers is a refusal while nothing runs; once something may run, its end is not known. */
function failed({ deployment }: RolloutBox, error: RemoteError): [Outcome, string] {
  const { message, isInDoubt } = error;
  if (deployment !== null) return ['unreachable', `${message}; the deployment ${deployment} may go on there`];
  if (isInDoubt) return ['unreachable', `${message}; nobody knows whether it deploys`];
  return [isUnanswered(error) ? 'unreachable' : 'refused', message];
}

/** Nothing that can be relied upon was answered. */
const unanswered: readonly RemoteFailure[] = ['unreachable', 'untrusted', 'confused'];

/** Whether an agent did not answer, rather than say no. */
export function isUnanswered({ code }: RemoteError): boolean {
  return unanswered.includes(code);
}

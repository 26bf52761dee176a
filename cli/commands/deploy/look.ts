import type { DeploymentRequest } from '../../../protocol/deployment.ts';
import type { Plan } from '../../../protocol/deploymentPlan.ts';
import { RemoteError } from '../../../remote/failure.ts';
import type { RemoteAgent } from '../../../remote/remoteAgent.ts';
import { planInPlace } from '../../../remote/rollout/place.ts';
import { askBoxes } from '../../boxes/askBoxes.ts';
import { foreignText } from '../../output/foreignText.ts';
import type { Job, JobBox } from './job.ts';

/** What a box says of what is to be done: a plan, or why it has none. */
export interface Looked {
  box: string;
  request: DeploymentRequest;
  plan?: Plan;
  error?: RemoteError;
}

/**
 * Asks all boxes for their plans. Where the latest version is meant, it is the one that the first box finds: the others are asked for that
 * one, so that all get the same. Throws the signal's reason.
 */
export async function lookAtBoxes(job: Job, signal: AbortSignal): Promise<Looked[]> {
  const first = await askAll(job.boxes, signal);
  const version = job.isLatest ? first.find((one) => one.plan !== undefined)?.plan?.to : undefined;
  if (version === undefined) return first;
  const others = job.boxes.filter((_, at) => (first[at]?.plan?.to ?? version) !== version);
  const asked = await askAll(
    others.map((one) => ({ ...one, request: { ...one.request, version } })),
    signal,
  );
  const anew = new Map(asked.map((one) => [one.box, one]));
  return first.map((one) => anew.get(one.box) ?? { ...one, request: { ...one.request, version } });
}

async function askAll(boxes: readonly JobBox[], signal: AbortSignal): Promise<Looked[]> {
  const found = await askBoxes(boxes, signal, (one) => askOne(one, signal));
  signal.throwIfAborted();
  return found;
}

async function askOne({ agent, request, place }: JobBox, signal: AbortSignal): Promise<Looked> {
  try {
    if (request.busy === 'wait') await waitForTurn(agent, request.app, signal);
    return { box: agent.box, request, plan: await planInPlace(agent, request, place, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RemoteError)) throw error;
    return { box: agent.box, request, error };
  }
}

/** What is planned while another deployment runs would no longer be true when it has ended. */
async function waitForTurn(agent: RemoteAgent, app: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const running = await runningOf(agent, app, signal);
    if (running === null) return;
    process.stderr.write(`${agent.box}: waiting for deployment ${foreignText(running)}\n`);
    for await (const event of agent.events(running, 0, { follow: true, signal })) {
      if (event.type === 'end') break;
    }
    signal.throwIfAborted();
  }
}

async function runningOf(agent: RemoteAgent, app: string, signal: AbortSignal): Promise<string | null> {
  try {
    return (await agent.app(app, signal)).running;
  } catch (error) {
    // An app that was never deployed there is nobody's.
    if (error instanceof RemoteError && error.code === 'missing') return null;
    throw error;
  }
}

import type { DeploymentRequest } from '../../protocol/deployment.ts';
import type { Plan } from '../../protocol/deploymentPlan.ts';
import { askAll } from '../askAll.ts';
import { RemoteError } from '../failure.ts';
import type { RemoteAgent } from '../remoteAgent.ts';
import type { Balanced } from './foldPlans.ts';
import type { Wanted } from './newRollout.ts';
import { type ManifestPlace, planInPlace } from './place.ts';
import { isUnanswered } from './runBox.ts';

/** A box, and what is asked of it. */
export interface AskedBox {
  agent: RemoteAgent;
  request: DeploymentRequest;
  /** Where it stands by the manifest. */
  place: ManifestPlace;
}

/** What boxes are asked for. */
export interface Asking {
  boxes: readonly AskedBox[];
  /** All boxes get one version, whichever is the latest now. */
  isLatest: boolean;
}

/** What a box says of what is to be done: a plan, or why it has none. */
export interface Looked extends Partial<Balanced> {
  box: string;
  request: DeploymentRequest;
  plan?: Plan;
  error?: RemoteError;
}

interface How {
  signal: AbortSignal;
  /** Told how many boxes have answered. */
  tell?: (done: number, of: number) => void;
  /** Told that a box is busy with another deployment, and waited for. */
  waiting?: (box: string, deployment: string) => void;
}

/**
 * Asks all boxes for their plans. Where the latest version is meant, it is the one that the first box finds: the others are asked for that
 * one, so that all get the same. Throws the signal's reason.
 */
export async function lookAtBoxes({ boxes, isLatest }: Asking, how: How): Promise<Looked[]> {
  const first = await plansOf(boxes, how);
  const version = isLatest ? first.find((one) => one.plan !== undefined)?.plan?.to : undefined;
  if (version === undefined) return first;
  const others = boxes.filter((_, at) => (first[at]?.plan?.to ?? version) !== version);
  const asked = await plansOf(
    others.map((one) => ({ ...one, request: { ...one.request, version } })),
    how,
  );
  const anew = new Map(asked.map((one) => [one.box, one]));
  return first.map((one) => anew.get(one.box) ?? { ...one, request: { ...one.request, version } });
}

/** What a rollout is made for, of what a box said. */
export function wantedOf({ box, request, plan, error, balancers = [], leftOutOf = [] }: Looked): Wanted {
  return {
    ...{ box, request, balancers, leftOutOf },
    ...(plan === undefined ? {} : { plan }),
    ...(error === undefined ? {} : { unreachable: error.message }),
  };
}

/** Why nothing may be begun: something stands in the way on boxes, or they are out of reach. */
export interface Hindrance {
  why: 'blocked' | 'unreachable';
  boxes: string[];
  /** No box is left. */
  isAll: boolean;
}

/**
 * What keeps a rollout from being begun. Boxes that cannot be reached are failures like others: so many of them as may fail do not
 * keep the others from it.
 */
export function hindranceOf(looked: readonly Looked[], maxFailures: number): Hindrance | undefined {
  const blocked = looked.filter(({ plan, error }) =>
    error === undefined ? plan !== undefined && plan.obstacles.length > 0 : !isUnanswered(error),
  );
  const gone = looked.filter(({ error }) => error !== undefined && isUnanswered(error));
  const told = (why: Hindrance['why'], some: readonly Looked[]): Hindrance => ({
    ...{ why, boxes: some.map((one) => one.box), isAll: some.length === looked.length },
  });
  if (blocked.length > 0) return told('blocked', blocked);
  return gone.length > maxFailures || gone.length === looked.length ? told('unreachable', gone) : undefined;
}

async function plansOf(boxes: Asking['boxes'], how: How): Promise<Looked[]> {
  const { signal } = how;
  const tell = (done: number) => how.tell?.(done, boxes.length);
  const found = await askAll(boxes, signal, (one) => planOf(one, how), tell);
  signal.throwIfAborted();
  return found;
}

async function planOf({ agent, request, place }: AskedBox, how: How): Promise<Looked> {
  const { signal } = how;
  try {
    if (request.busy === 'wait') await waitForTurn(agent, request.app, how);
    return { box: agent.box, request, plan: await planInPlace(agent, request, place, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RemoteError)) throw error;
    return { box: agent.box, request, error };
  }
}

/** What is planned while another deployment runs would no longer be true when it has ended. */
async function waitForTurn(agent: RemoteAgent, app: string, { signal, waiting }: How): Promise<void> {
  for (;;) {
    const running = await runningOf(agent, app, signal);
    if (running === null) return;
    waiting?.(agent.box, running);
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

import type { DeploymentRequest } from '../../protocol/deployment.ts';
import type { Plan } from '../../protocol/deploymentPlan.ts';
import { misplaced } from './place.ts';
import type { Rollout, RolloutBox } from './record.ts';

/** A box that a rollout is made for. */
export interface Wanted {
  box: string;
  request: DeploymentRequest;
  /** Its cluster by the manifest, `null` for none: with a plan it is compared with what the agent says; not looked at when left out. */
  cluster?: string | null;
  /** What the deployment binds to. */
  plan?: Plan;
  /** The names of the balancers before it. */
  balancers?: readonly string[];
  /** Those of them that an earlier rollout has left it out of, though it may serve. */
  leftOutOf?: readonly string[];
  /** Why it is not asked at all: it could not be reached when it was planned. */
  unreachable?: string;
}

/** What a new rollout is made of. */
export interface NewRollout
  extends Pick<
    Rollout,
    'action' | 'app' | 'environment' | 'workspace' | 'of' | 'created' | 'batch' | 'maxFailures'
  > {
  boxes: readonly Wanted[];
  /** The names of canaries, or how many; those with nothing to do are taken last. */
  canary: readonly string[] | number;
}

/**
 * A rollout of which nothing is done yet. Boxes in which nothing would change are through already; those whose plan tells that they are in
 * another environment or cluster are refused.
 */
export function newRollout({ boxes, canary, ...about }: NewRollout): Rollout {
  const made = boxes.map((one) => boxOf(one, about.environment));
  const canaries = new Set(typeof canary === 'number' ? firstNames(made, canary) : canary);
  const marked = made.map((one) => ({ ...one, isCanary: canaries.has(one.box) }));
  const ordered = [...marked.filter((one) => one.isCanary), ...marked.filter((one) => !one.isCanary)];
  const time = new Date(about.created).toISOString().replace(/\D/g, '').slice(0, 17);
  const id = `${time}-${crypto.randomUUID().slice(0, 8)}`;
  return { format: 1, id, updated: about.created, ...about, boxes: ordered };
}

function firstNames(boxes: readonly RolloutBox[], count: number): string[] {
  const open = boxes.filter((one) => one.outcome === null);
  const others = boxes.filter((one) => one.outcome === 'no_change');
  return [...open, ...others].slice(0, count).map((one) => one.box);
}

function boxOf(wanted: Wanted, environment: string): RolloutBox {
  const { box, request, plan, unreachable, cluster, balancers = [], leftOutOf = [] } = wanted;
  const isNoOp = plan?.isNoOp === true;
  const outOf = isNoOp && plan.obstacles.length === 0 ? [...leftOutOf] : [];
  const refusal = plan && misplaced({ environment, cluster }, plan);
  const known = plan === undefined ? {} : { version: plan.to, previous: plan.from };
  return {
    box,
    request: plan === undefined ? request : { ...request, plan: plan.digest },
    ...{ isCanary: false, isBegun: false, deployment: null, isCommitted: false, lastEvent: 0 },
    ...{ version: request.version ?? null, previous: null, ...known },
    ...{ outcome: null, reason: null, began: null, ended: null },
    ...(balancers.length === 0 ? {} : { balancing: { stage: 'before' as const, outOf } }),
    ...(isNoOp ? noChange(plan, outOf) : {}),
    ...(refusal === undefined ? {} : { outcome: 'refused' as const, reason: refusal }),
    ...(unreachable === undefined ? {} : { outcome: 'unreachable' as const, reason: unreachable }),
  };
}

/** What is live already is through; unless the box has only to be put back. */
function noChange({ to }: Plan, outOf: readonly string[]): Partial<RolloutBox> {
  const reason = `${to} is live already`;
  return outOf.length === 0 ? { outcome: 'no_change', reason } : { isLive: true, reason };
}

import type { DeploymentRequest } from '../../protocol/deployment.ts';

/**
 * How a box fared. `no_change`: what was asked for was live already; `refused`: its agent said no; `unreachable`: nobody knows, since it
 * could not be asked; `cancelled`: the rollout was stopped, and this deployment with it; `not_started`: nothing was asked of it.
 */
export const outcomes = [
  'done',
  'no_change',
  'failed',
  'rolled_back',
  'unknown',
  'refused',
  'unreachable',
  'cancelled',
  'not_started',
] as const;

export type Outcome = (typeof outcomes)[number];

/**
 * How a box stands with its balancers. `before`: nothing was told to them; `kept`: it stays in, since there is no other box; `left_out`: it did
 * not end well there, and was not put back.
 */
export type BalancingStage = 'before' | 'leaving' | 'kept' | 'out' | 'returning' | 'back' | 'left_out';

export interface Balancing {
  stage: BalancingStage;
  /** Those that it was taken out of, or may have been, and is not back in. */
  outOf: string[];
}

/** One box of a rollout. Times are in milliseconds since 1970. */
export interface RolloutBox {
  box: string;
  /** What is asked of it; with the digest of its plan, where there was one. */
  request: DeploymentRequest;
  isCanary: boolean;
  /** Its agent may have been asked already. */
  isBegun: boolean;
  /** The id of its deployment, once it is known. */
  deployment: string | null;
  /** The version that becomes live. */
  version: string | null;
  /** What was live before. */
  previous: string | null;
  /** From which channel that came, where its agent told. */
  previousChannel?: string | null;
  /** The deployment has changed what is live. */
  isCommitted: boolean;
  /** The number of the last event that was told. */
  lastEvent: number;
  /** Left out where no balancer is before the box. */
  balancing?: Balancing;
  /** It has what was asked for already, and is only put back into its balancers. */
  isLive?: true;
  outcome: Outcome | null;
  /** Why, in words for a person. */
  reason: string | null;
  began: number | null;
  ended: number | null;
}

/** What is kept of a rollout, so that it can be taken up again wherever it was broken off. */
export interface Rollout {
  /** The form of this record. */
  format: 1;
  id: string;
  action: 'deploy' | 'rollback';
  app: string;
  environment: string;
  /** Where its boxes are described: the folder of the workspace. */
  workspace: string;
  /** The rollout that this one mends or takes back. */
  of: string | null;
  created: number;
  updated: number;
  /** So many boxes at a time. */
  batch: number;
  /** No box is begun once more than so many have failed. */
  maxFailures: number;
  /** In the order in which they are begun, canaries first. */
  boxes: RolloutBox[];
}

const good: readonly (Outcome | null)[] = ['done', 'no_change'];
const bad: readonly (Outcome | null)[] = ['failed', 'rolled_back', 'unknown', 'refused', 'unreachable'];

/** Whether a box has what was asked for. */
export function isGood({ outcome }: RolloutBox): boolean {
  return good.includes(outcome);
}

/** Whether a box counts as a failure; what was cancelled or never begun does not. */
export function isBad({ outcome }: RolloutBox): boolean {
  return bad.includes(outcome);
}

/** Under this key a box is asked: however often, it is one deployment. */
export function keyOf({ id }: Rollout, { box }: RolloutBox): string {
  return `${id}.${box}`;
}

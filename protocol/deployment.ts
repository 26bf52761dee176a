import { isCount, isObject, isOrNull, isText, isTime } from './values.ts';

/**
 * Where a deployment stands. Each state is in the journal before what it names begins to be seen:
 * `accepted` it will be done; `locked` the app is this deployment's alone; `fetched` all bytes are here; `verified` digest and
 * signature are right; `extracted` the release is whole, in a staging folder; `prepared` the hooks and steps have prepared it;
 * `committed` from here it goes forward, or back to the release before; `activated` `live` leads to it; `healthy` the health
 * gate is passed; `rolling_back` the release before is being restored. The others are ends.
 */
export const states = [
  'accepted',
  'locked',
  'fetched',
  'verified',
  'extracted',
  'prepared',
  'committed',
  'activated',
  'healthy',
  'rolling_back',
  'done',
  'failed',
  'rolled_back',
  'unknown',
] as const;

export type DeploymentState = (typeof states)[number];

/** How a deployment ended; `unknown` where a hook outlived the agent and nobody knows what it did. */
export const results = ['done', 'failed', 'rolled_back', 'unknown'] as const;

export type DeploymentResult = (typeof results)[number];

/** What is asked for: `POST /v1/deployments`, or `POST /v1/apps/APP/rollback` without a version. */
export interface DeploymentRequest {
  app: string;
  /** `master` when left out. */
  channel?: string;
  /** The version to be live; the latest of the channel when left out. */
  version?: string;
  /** Likewise of the central config; that of the box when left out. */
  configs?: string;
  /** The digest of a plan: refused where the box has moved since. */
  plan?: string;
  /** Deploys the version that is live once more. */
  force?: boolean;
  /** What to do while the app is locked: wait for its turn, or be refused. `refuse` when left out. */
  busy?: 'wait' | 'refuse';
  /** Back to the release before, or to the version named. */
  rollback?: boolean;
}

/** What is known of a deployment. Times are in milliseconds since 1970. */
export interface Deployment {
  id: string;
  action: 'deploy' | 'rollback';
  app: string;
  channel: string;
  version: string;
  /** What was live before; `null` where nothing was. */
  previous: string | null;
  /** The channel of that; `null` where nobody knows. Older agents do not tell. */
  previousChannel?: string | null;
  state: DeploymentState;
  user: string;
  created: number;
  updated: number;
  /** The number of the last event. */
  lastEvent: number;
  result: DeploymentResult | null;
  /** Why it failed, in words for a person. */
  reason: string | null;
}

/** Who holds an app: answered with `409`. */
export interface Owner {
  deployment: string;
  user: string;
  since: number;
  /** What is being done, `deploy shop 12`. */
  what: string;
}

export function isResult(value: unknown): value is DeploymentResult {
  return results.some((one) => one === value);
}

export function isState(value: unknown): value is DeploymentState {
  return states.some((one) => one === value);
}

export function isDeployment(value: unknown): value is Deployment {
  if (!isObject(value)) return false;
  const { id, action, app, channel, version, previous, state, user, result, reason } = value;
  return (
    [id, app, channel, version, user].every(isText) &&
    (action === 'deploy' || action === 'rollback') &&
    isState(state) &&
    isOrNull(previous, isText) &&
    (value.previousChannel === undefined || isOrNull(value.previousChannel, isText)) &&
    isOrNull(result, isResult) &&
    isOrNull(reason, isText) &&
    [value.created, value.updated].every(isTime) &&
    isCount(value.lastEvent)
  );
}

export function isOwner(value: unknown): value is Owner {
  return isObject(value) && [value.deployment, value.user, value.what].every(isText) && isTime(value.since);
}

import type { DeploymentResult, DeploymentState } from './deployment.ts';

/** What happens in a deployment. */
export type EventBody =
  | { type: 'state'; state: DeploymentState; reason?: string }
  | { type: 'log'; stage: string; stream: 'stdout' | 'stderr' | 'agent'; text: string }
  | { type: 'health'; check: string; isHealthy: boolean; text: string }
  /** Events that are gone, by their numbers, both ends included. */
  | { type: 'gap'; from: number; to: number }
  | { type: 'end'; result: DeploymentResult; reason?: string };

/** One of them as it is told. Numbers begin with 1, and each is one more than the last; a gap has that of its end. */
export type DeploymentEvent = EventBody & {
  seq: number;
  /** In milliseconds since 1970, by the clock of the box. */
  time: number;
};

/** How often a silent stream of events says that it lives, in milliseconds. */
export const heartbeatMs = 10_000;

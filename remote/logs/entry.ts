import type { Deployment } from '../../protocol/deployment.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';

/** An event with where it happened. */
export interface Entry {
  box: string;
  deployment: Deployment;
  event: DeploymentEvent;
  /** Of the event. */
  time: number;
}

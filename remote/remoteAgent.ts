import type { AppStatus } from '../protocol/appStatus.ts';
import type { BoxEvent } from '../protocol/boxEvents.ts';
import type { Deployment, DeploymentRequest } from '../protocol/deployment.ts';
import type { DeploymentEvent } from '../protocol/deploymentEvents.ts';
import type { Plan } from '../protocol/deploymentPlan.ts';
import type { FollowOptions } from './events.ts';

/**
 * The agent of one box, asked over the wire. All calls throw a `RemoteError` (remote/failure.ts): what the agent answered, or why it could
 * not be asked; and end with the signal's reason when that is given up.
 */
export interface RemoteAgent {
  /** The name of the box. */
  box: string;
  plan(request: DeploymentRequest, signal: AbortSignal): Promise<Plan>;
  /**
   * Asked again with the same key it is still one deployment: so a broken connection is tried again for a while. An error that
   * `isInDoubt` leaves open whether it runs; asked once more with the key, the agent tells.
   */
  deploy(request: DeploymentRequest, idempotencyKey: string, signal: AbortSignal): Promise<Deployment>;
  deployment(id: string, signal: AbortSignal): Promise<Deployment>;
  /** Newest first. */
  deployments(filter: { app?: string; limit?: number }, signal: AbortSignal): Promise<Deployment[]>;
  /**
   * The events after a number, and with `follow` what comes until the deployment ends: each once and in order, however often the
   * network or the agent goes away meanwhile. Events that the agent no longer has are a gap. `confused` where a number does not fit.
   */
  events(id: string, after: number, options: FollowOptions): AsyncIterable<DeploymentEvent>;
  cancel(id: string, signal: AbortSignal): Promise<Deployment>;
  /**
   * Every app that may be seen, `current` once all there are have been told of, and each one again whenever it is another; all of that anew
   * when the agent comes back that was away. Ends with the signal's reason, or an error that does not pass by itself.
   */
  watch(options: Pick<FollowOptions, 'signal' | 'away' | 'back'>): AsyncIterable<BoxEvent>;
  apps(signal: AbortSignal): Promise<AppStatus[]>;
  app(name: string, signal: AbortSignal): Promise<AppStatus>;
  /** The live effective configuration, secrets hashed. */
  config(app: string, signal: AbortSignal): Promise<Record<string, unknown>>;
}

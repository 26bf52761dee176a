import type { AppStatus } from '../protocol/appStatus.ts';
import type { BoxEvent } from '../protocol/boxEvents.ts';
import type { Deployment, DeploymentRequest } from '../protocol/deployment.ts';
import type { DeploymentEvent } from '../protocol/deploymentEvents.ts';
import type { Plan } from '../protocol/deploymentPlan.ts';

/** Who asks; the door has seen to it that they may. */
export interface Principal {
  /** As the audit log names them: the token's name, the user of a unix socket. */
  name: string;
  /**
   * Refuses, with `forbidden`, what a request turns out to mean: a rollback takes the channel of the release that it goes back to, and
   * is a deployment where that is no longer here. Those who may do all have none.
   */
  check?(need: { scope: 'deploy' | 'rollback'; channel: string }): void;
}

/**
 * What the agent does, whoever asks and however: the HTTP API is a thin door before it. All calls throw an `AgentError`
 * with the codes named beside them.
 */
export interface Agent {
  /**
   * Accepts a deployment, which runs whatever becomes of the caller. The same key gives the same deployment.
   * `invalid`, `forbidden`, `busy`, `moved`, `missing`, `unavailable`.
   */
  deploy(request: DeploymentRequest, by: Principal, idempotencyKey: string | undefined): Promise<Deployment>;
  /** What a deployment would do; `invalid`, `missing`, `refused`. */
  plan(request: DeploymentRequest, signal: AbortSignal): Promise<Plan>;
  /** `missing` */
  deployment(id: string): Promise<Deployment>;
  /** Newest first. */
  deployments(filter: { app?: string; limit?: number }): Promise<Deployment[]>;
  /** The events after a number, and what comes, until the end or the signal; `missing`. */
  events(
    id: string,
    after: number,
    options: { follow: boolean; signal: AbortSignal },
  ): AsyncIterable<DeploymentEvent>;
  /** Asks a deployment to stop; before it is committed it fails, after it is taken back. `missing`. */
  cancel(id: string, by: Principal): Promise<Deployment>;
  apps(): Promise<AppStatus[]>;
  /** `missing` */
  app(name: string): Promise<AppStatus>;
  /** Every app, and with `follow` each one again whenever it is no longer as it was told, until the signal. */
  watch(options: { follow: boolean; signal: AbortSignal }): AsyncIterable<BoxEvent>;
  /** The live effective configuration as JSON, secrets hashed; `missing`. */
  config(app: string): Promise<Record<string, unknown>>;
  /** Takes away releases that nobody needs; what it took. `missing`, `busy`. */
  gc(app: string, options: { keep?: number }): Promise<string[]>;
  /** Takes no more deployments, waits for those that run to come to where they can be taken up again, and closes. */
  drain(): Promise<void>;
}

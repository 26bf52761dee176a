import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { RolloutBox } from './record.ts';

/** Why a rollout begins no other box. */
export type StopReason = 'failures' | 'canary' | 'asked' | 'record';

/** What happens in a rollout. */
export type RolloutEvent =
  /** Boxes are begun together: the batch by its number, from 1 on. */
  | { type: 'batch'; batch: number; of: number; boxes: string[]; isCanary: boolean }
  /** A box is taken out of a balancer, before anything else is done with it. `waiting`: another one has to be back first; `kept`: it stays in. */
  | {
      type: 'out';
      box: string;
      balancer: string;
      state: 'waiting' | 'begun' | 'done' | 'kept';
      message: string | null;
    }
  /** It is put back, once it serves. */
  | { type: 'in'; box: string; balancer: string; state: 'begun' | 'done' | 'failed'; message: string | null }
  /** It is not put back: nobody knows whether it serves. */
  | { type: 'left_out'; box: string; balancers: string[]; message: string }
  /** Its agent carries it out from here on, whatever becomes of us. */
  | { type: 'accepted'; box: string; deployment: string; version: string }
  | { type: 'event'; box: string; event: DeploymentEvent }
  /** The agent cannot be reached for a while; it goes on meanwhile. */
  | { type: 'away'; box: string; reason: string }
  | { type: 'back'; box: string }
  /** Its agent was asked to stop; `reason` says why that did not work. */
  | { type: 'cancelling'; box: string; reason: string | null }
  | { type: 'ended'; box: string; result: RolloutBox }
  /** Nobody waits any longer, and the deployment goes on; it is still out of these balancers. */
  | { type: 'left'; box: string; deployment: string | null; outOf: string[] }
  /** No other box is begun; `message` says more where there is more to say. */
  | { type: 'stopped'; reason: StopReason; message: string | null };

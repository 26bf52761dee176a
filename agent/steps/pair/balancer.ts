import type { StepWork } from '../../deploy/step.ts';
import { haproxyBalancer } from './haproxy.ts';
import { linkBalancer } from './link.ts';
import { nginxBalancer } from './nginx.ts';
import type { PairSettings, Slot } from './settings.ts';

/** Who sends requests to the slots. Each of these may be done twice. */
export interface Balancer {
  /** From now on new requests go to a slot, and the other one finishes what it has; both are up. `failed`, `cancelled`. */
  lead(to: Slot): Promise<void>;
  /** How much a slot that gets nothing new still has open. */
  open(slot: Slot): Promise<number>;
  /** A slot gets nothing: it is about to be stopped, or started. */
  rest(slot: Slot): Promise<void>;
}

export function balancerOf(settings: PairSettings, work: StepWork): Balancer {
  const { balancer } = settings;
  switch (balancer.kind) {
    case 'haproxy':
      return haproxyBalancer(balancer, work);
    case 'nginx':
      return nginxBalancer(balancer, settings, work);
    default:
      return linkBalancer(balancer, settings, work);
  }
}

import type { DeploymentEvent } from '../protocol/deploymentEvents.ts';
import { RemoteError } from './failure.ts';

/** Sees to it that each event of a deployment comes once and in order. */
export interface Turn {
  /** The number of the last event that came. */
  readonly last: number;
  /** The event as it is passed on; `confused` where it is not the one that is to come. */
  take(event: DeploymentEvent): DeploymentEvent;
}

/** @param after the number of the last event that is known. */
export function inTurn(box: string, after: number): Turn {
  let last = after;
  return {
    get last() {
      return last;
    },
    take(event) {
      const next = last + 1;
      // A gap may reach back to what was told before it was one.
      const isNext = event.type === 'gap' ? event.from <= next && event.to >= next : event.seq === next;
      if (!isNext) {
        const message = `its events are out of order: ${event.seq} came where ${next} was to come`;
        throw new RemoteError(box, 'confused', message);
      }
      last = event.seq;
      return event.type === 'gap' ? { ...event, from: next } : event;
    },
  };
}

import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';

/** Tells events in order, and what is missing between them as gaps. */
export interface Order {
  /** The number that comes next. */
  next: number;
  /** An event as it is to be told, behind a gap where events before it are missing; nothing for one that was told. */
  take(event: DeploymentEvent): DeploymentEvent[];
  /** The gap up to a number that there is nothing of; nothing where all of it was told. */
  missing(to: number): DeploymentEvent[];
}

/** @param next the number of the first event that is to be told. */
export function inOrder(next: number): Order {
  let lastTime = 0;
  const gap = (to: number, time: number): DeploymentEvent => {
    const from = order.next;
    order.next = to + 1;
    return { type: 'gap', from, to, seq: to, time };
  };
  const order: Order = {
    next,
    take(event) {
      if (event.seq < order.next) return [];
      lastTime = event.time;
      if (event.type === 'gap') return [gap(event.seq, event.time)];
      const before = event.seq > order.next ? [gap(event.seq - 1, event.time)] : [];
      order.next = event.seq + 1;
      return [...before, event];
    },
    missing: (to) => (to < order.next ? [] : [gap(to, lastTime)]),
  };
  return order;
}

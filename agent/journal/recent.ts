import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';

/** The newest events of a journal in memory, for all of its readers; so many bytes of them, the older ones go. */
export interface Recent {
  batches: { events: readonly DeploymentEvent[]; last: number; bytes: number }[];
  bytes: number;
}

const mostBytes = 2 * 1024 * 1024;

export function noneRecent(): Recent {
  return { batches: [], bytes: 0 };
}

/** @param bytes how much they take as records. */
export function remember(recent: Recent, events: readonly DeploymentEvent[], bytes: number): void {
  const last = events.at(-1)?.seq;
  if (last === undefined) return;
  recent.batches.push({ events, last, bytes });
  recent.bytes += bytes;
  while (recent.bytes > mostBytes) recent.bytes -= recent.batches.shift()?.bytes ?? recent.bytes;
}

/** Forgets the events up to a number: the disk has them no more, and all readers are to be told the same. */
export function forget(recent: Recent, last: number): void {
  recent.batches = recent.batches.filter(({ events }) => (events[0]?.seq ?? 0) > last);
  recent.bytes = recent.batches.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The next events from a number on, some at once; nothing where that number is not remembered. */
export function recall({ batches }: Recent, seq: number): readonly DeploymentEvent[] | undefined {
  const [oldest] = batches;
  const first = oldest?.events[0];
  // A gap has the number of its end.
  if (first === undefined || first.seq > seq) return undefined;
  return batches.find(({ last }) => last >= seq)?.events;
}

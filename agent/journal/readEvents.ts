import fs, { type FileHandle } from 'node:fs/promises';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import { isGone, journalFailure } from './failure.ts';
import { inOrder, type Order } from './inOrder.ts';
import { type Kept, type Log, nextChange, placeOf, type Segment } from './log.ts';
import { recall } from './recent.ts';
import { readRecords } from './records.ts';

/** A file of the log, open for reading. */
interface Place {
  source: Segment | Kept;
  handle: FileHandle;
  offset: number;
}

interface Reader {
  log: Log;
  order: Order;
  place: Place | undefined;
}

/**
 * The events after a number, the newest ones from memory and the others from the disk: those that are there, then the others as they come. Ends behind `end`, with the
 * signal, or when the log is closed; without `follow` behind the last one that is there. What is missing is told as a gap.
 */
export async function* readEvents(
  log: Log,
  after: number,
  { follow = false, signal }: { follow?: boolean; signal?: AbortSignal } = {},
): AsyncGenerator<DeploymentEvent, void, void> {
  const reader: Reader = { log, order: inOrder(after + 1), place: undefined };
  // To ask a signal that is made of others costs more than to read an event.
  let isStopped = signal?.aborted === true;
  const stop = () => {
    isStopped = true;
  };
  signal?.addEventListener('abort', stop);
  try {
    while (await hasMore(reader, follow, signal)) {
      for (const event of await readSome(reader)) {
        if (isStopped) return;
        yield event;
        if (event.type === 'end') return;
      }
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    await reader.place?.handle.close();
  }
}

/** Whether there are events to be read; waits for them where they may still come. */
async function hasMore(
  { log, order }: Reader,
  follow: boolean,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  while (!signal?.aborted) {
    if (order.next <= log.last) return true;
    if (!follow || log.isClosed || log.hasEnded) return false;
    await nextChange(log, signal);
  }
  return false;
}

/** The next events, as many as are read at once. There are some that were not told yet. */
async function readSome(reader: Reader): Promise<DeploymentEvent[]> {
  const { log, order } = reader;
  const known = recall(log.recent, order.next);
  if (known !== undefined) {
    await leaveFile(reader);
    return known.flatMap((event) => order.take(event));
  }
  const source = sourceOf(log, order.next);
  if (source === undefined) return order.missing(log.last);
  try {
    return await readOn(order, await placeIn(reader, source));
  } catch (error) {
    if (!isGone(error)) throw journalFailure(`reading the journal ${log.folder}`, error);
    // The log was cut down a moment ago; or somebody took the file away.
    return sourceOf(log, order.next) === source ? order.missing(source.last) : [];
  }
}

async function readOn(order: Order, place: Place): Promise<DeploymentEvent[]> {
  const { size, last } = await extent(place);
  const records = await readRecords(place.handle, place.offset, size);
  const events = records.events.flatMap(({ event }) => order.take(event));
  const isAtEnd = records.end >= size || records.end === place.offset;
  place.offset = records.end;
  return isAtEnd ? [...events, ...order.missing(last)] : events;
}

/** Where the disk is needed again, it is looked for the place anew. */
async function leaveFile(reader: Reader): Promise<void> {
  const { place } = reader;
  reader.place = undefined;
  await place?.handle.close();
}

/** How far the file at a place goes, in bytes and in events. */
async function extent({ source, handle }: Place): Promise<{ size: number; last: number }> {
  const { last } = source;
  return { size: 'size' in source ? source.size : (await handle.stat()).size, last };
}

/** The place in a file that is to be read; the file stays open until another one is asked for. */
async function placeIn(reader: Reader, source: Segment | Kept): Promise<Place> {
  const { order, place } = reader;
  if (place?.source === source) return place;
  await leaveFile(reader);
  const handle = await fs.open(source.file, 'r');
  const offset = 'first' in source ? placeOf(source, order.next) : 0;
  reader.place = { source, handle, offset };
  return reader.place;
}

function sourceOf(log: Log, seq: number): Segment | Kept | undefined {
  const segment = log.segments.findLast(({ first }) => first <= seq);
  if (segment !== undefined) return segment;
  return log.kept !== undefined && seq <= log.kept.last ? log.kept : log.segments[0];
}

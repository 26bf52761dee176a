import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { EventBody } from '../../protocol/deploymentEvents.ts';
import { keptName, segmentFile, segmentNumbers } from './layout.ts';
import { type Kept, type Log, markPlace, newSegment, type Segment } from './log.ts';
import { noneRecent } from './recent.ts';
import { readRecords } from './records.ts';
import type { Leftover } from './writer.ts';

/** What a file holds. */
interface Contents {
  size: number;
  /** The last event, and whether it ends the journal; 0 where there is none. */
  last: number;
  hasEnded: boolean;
  /** Behind the last record that is right. */
  rightEnd: number;
  /** Lines behind that which are not as they were written. */
  wrong: number;
}

export interface OpenedLog extends Leftover {
  log: Log;
  /** Files that a crash kept from being taken away. */
  superseded: string[];
}

/** Finds out what there is of a journal in a folder; changes nothing. Throws what the file system says. */
export async function openLog(folder: string): Promise<OpenedLog> {
  const names = await fs.readdir(folder);
  const { kept, hasEnded } = await openKept(folder, names);
  const numbers = segmentNumbers(names);
  const superseded = numbers.filter((first) => first <= (kept?.last ?? 0));
  const segments = await openSegments(
    folder,
    numbers.filter((first) => first > (kept?.last ?? 0)),
  );
  const log: Log = {
    ...{ folder, kept, segments, last: kept?.last ?? 0, hasEnded },
    ...{ isClosed: false, recent: noneRecent(), waiting: new Set<() => void>() },
  };
  const leftover = await openLast(log);
  return { log, superseded: superseded.map((first) => segmentFile(folder, first)), ...leftover };
}

async function openKept(
  folder: string,
  names: string[],
): Promise<{ kept: Kept | undefined; hasEnded: boolean }> {
  if (!names.includes(keptName)) return { kept: undefined, hasEnded: false };
  const file = path.join(folder, keptName);
  const { last, hasEnded } = await contentsOf(newSegment(file, 1));
  return { kept: { file, last }, hasEnded };
}

async function openSegments(folder: string, numbers: number[]): Promise<Segment[]> {
  const segments = numbers.map((first) => newSegment(segmentFile(folder, first), first));
  for (const [at, segment] of segments.slice(0, -1).entries()) {
    segment.last = (segments[at + 1]?.first ?? 0) - 1;
    segment.size = (await fs.stat(segment.file)).size;
  }
  return segments;
}

/** Takes in the segment that was written to last: its end may be torn. */
async function openLast(log: Log): Promise<Leftover> {
  const segment = log.segments.at(-1);
  if (segment === undefined) return { isDirty: false, notes: [] };
  const { size, last, hasEnded, rightEnd, wrong } = await contentsOf(segment);
  segment.last = Math.max(last, segment.first - 1);
  segment.size = rightEnd;
  log.last = segment.last;
  log.hasEnded = hasEnded;
  const isTorn = rightEnd < size;
  return { isDirty: isTorn, notes: isTorn ? notesOf(size - rightEnd, wrong) : [] };
}

/** What is told of a torn end: whole lines in it are events that somebody may have been promised. */
function notesOf(bytes: number, wrong: number): EventBody[] {
  const gap: EventBody[] = wrong > 0 ? [{ type: 'gap', from: 1, to: wrong }] : [];
  const text = `the agent was stopped while it wrote here: ${bytes} bytes of unfinished records were cut off`;
  return [...gap, { type: 'log', stage: 'journal', stream: 'agent', text }];
}

async function contentsOf(segment: Segment): Promise<Contents> {
  const handle = await fs.open(segment.file, 'r');
  try {
    return await readContents(handle, segment);
  } finally {
    await handle.close();
  }
}

async function readContents(handle: FileHandle, segment: Segment): Promise<Contents> {
  const { size } = await handle.stat();
  const contents: Contents = { size, last: 0, hasEnded: false, rightEnd: 0, wrong: 0 };
  for (let at = 0; at < size; ) {
    const records = await readRecords(handle, at, size);
    if (records.end === at) break;
    for (const { event, offset } of records.events) {
      markPlace(segment, event.seq, offset);
      contents.last = Math.max(contents.last, event.seq);
      contents.hasEnded = event.type === 'end';
    }
    contents.wrong = records.events.length > 0 ? records.wrongAtEnd : contents.wrong + records.wrongAtEnd;
    if (records.events.length > 0) contents.rightEnd = records.rightEnd;
    at = records.end;
  }
  return contents;
}

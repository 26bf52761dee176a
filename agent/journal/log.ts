import type { Recent } from './recent.ts';

/** Events from one number on, in a file of their own. */
export interface Segment {
  file: string;
  first: number;
  last: number;
  /** How much of the file is on the disk for good, in bytes. */
  size: number;
  /** Where some of its events begin, so that a reader need not look from the start. */
  marks: { seq: number; offset: number }[];
}

/** What is left of segments that are gone. */
export interface Kept {
  file: string;
  /** The last event that it stands for. */
  last: number;
}

/** The files of a journal as this process knows them: what stands here is on the disk. */
export interface Log {
  readonly folder: string;
  kept: Kept | undefined;
  /** In order; the last one is written to. */
  segments: Segment[];
  last: number;
  hasEnded: boolean;
  isClosed: boolean;
  /** The newest events, which readers need not read from the disk. */
  readonly recent: Recent;
  /** Readers that wait for a change. */
  readonly waiting: Set<() => void>;
}

const bytesBetweenMarks = 64 * 1024;

/** Lets the readers know of a change. */
export function tellReaders(log: Log): void {
  for (const wake of [...log.waiting]) wake();
}

/** Waits until a log changes, or for the signal. */
export function nextChange(log: Log, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      log.waiting.delete(wake);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    log.waiting.add(wake);
    signal?.addEventListener('abort', wake);
  });
}

/** Remembers where an event begins, if the last one that is remembered is far enough away. */
export function markPlace({ marks }: Segment, seq: number, offset: number): void {
  const before = marks.at(-1)?.offset ?? 0;
  if (offset - before >= bytesBetweenMarks) marks.push({ seq, offset });
}

/** Where to begin to read for an event. */
export function placeOf({ marks }: Segment, seq: number): number {
  return marks.findLast((mark) => mark.seq <= seq)?.offset ?? 0;
}

/** The segment that is written to. */
export function lastSegment({ folder, segments }: Log): Segment {
  const segment = segments.at(-1);
  if (segment === undefined) throw new Error(`the journal ${folder} has no segment`);
  return segment;
}

/** A segment that holds nothing yet. */
export function newSegment(file: string, first: number): Segment {
  return { file, first, last: first - 1, size: 0, marks: [] };
}

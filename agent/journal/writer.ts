import type { DeploymentEvent, EventBody } from '../../protocol/deploymentEvents.ts';
import { AgentError } from '../failure.ts';
import { journalFailure } from './failure.ts';
import { type Log, lastSegment, tellReaders } from './log.ts';
import { addSafely, addSoon, closeTail, openTail, rotate, sync, type Tail } from './tail.ts';

export interface WriterOptions {
  /** How long lines of logs wait for others to share a write with, in milliseconds. */
  groupMs: number;
  /** When a segment is full and the next one begins, in bytes. */
  segmentBytes: number;
  /** Called when another segment has begun. */
  onRotation(): void;
}

/** What the last life of a journal left to be done. */
export interface Leftover {
  /** Whether the file may hold bytes behind its size that nobody was promised. */
  isDirty: boolean;
  /** What is to be told of it, before all else. */
  notes: EventBody[];
}

/** Puts events onto the disk, one write after the other. */
export interface Writer {
  append(body: EventBody): Promise<number>;
  /** Resolves when all that was appended is on the disk, or refused; whether all that was told is on the disk. */
  close(): Promise<boolean>;
}

interface Pending {
  body: EventBody;
  time: number;
  resolve(seq: number): void;
  reject(error: AgentError): void;
}

interface State {
  log: Log;
  options: WriterOptions;
  tail: Tail;
  queue: Pending[];
  /** What readers were told of, but may not be on the disk yet. */
  told: { pending: Pending; seq: number }[];
  /** The last event that is on the disk for sure. */
  safe: number;
  notes: EventBody[];
  isEnding: boolean;
  /** The work that goes on. */
  writing: Promise<void> | undefined;
  syncing: Promise<void> | undefined;
  /** Ends the wait for more lines. */
  hurry: () => void;
}

const mostBytesAtOnce = 512 * 1024;
const spaceOfHead = 128;
const longestText = 256 * 1024;
/** How far the readers may be ahead of the disk, in events, before a batch is written that may have as many as 4,096. */
const mostTold = 12_000;
/** The most events that readers know of and a power cut may take away. */
export const mostLost: number = mostTold + mostBytesAtOnce / spaceOfHead;

/**
 * Writes to the last segment of a log. Readers see lines as soon as they are written, so that a slow disk does not hold them up;
 * a process that is killed takes none of them along. All other events are seen when they are on the disk. What was left to be told is
 * told now, or with the first write that succeeds.
 */
export async function openWriter(log: Log, options: WriterOptions, leftover: Leftover): Promise<Writer> {
  const { isDirty, notes } = leftover;
  const tail = await openTail(log, isDirty);
  const state: State = {
    ...{ log, options, tail, notes, queue: [], told: [], safe: log.last, isEnding: log.hasEnded },
    ...{ writing: undefined, syncing: undefined, hurry: () => {} },
  };
  if (notes.length > 0) await writeSafely(state, []);
  return { append: (body) => append(state, body), close: () => close(state) };
}

async function append(state: State, body: EventBody): Promise<number> {
  if (state.log.isClosed) throw refusal(state, 'it was closed');
  if (state.isEnding) throw refusal(state, 'it has its end already');
  if (textOf(body).length > longestText) throw refusal(state, `the text has over ${longestText} characters`);
  if (body.type === 'end') state.isEnding = true;
  const seq = new Promise<number>((resolve, reject) => {
    state.queue.push({ body, time: Date.now(), resolve, reject });
  });
  if (!isPatient(body)) state.hurry();
  state.writing ??= run(state);
  return seq;
}

function refusal({ log }: State, why: string): AgentError {
  return new AgentError('invalid', `nothing can be added to the journal ${log.folder}: ${why}`);
}

function textOf(body: EventBody): string {
  return 'text' in body ? body.text : (('reason' in body ? body.reason : undefined) ?? '');
}

/** Whether an event may wait for others. */
function isPatient(body: EventBody): boolean {
  return body.type === 'log';
}

async function run(state: State): Promise<void> {
  while (state.queue.length > 0) {
    if (arePatient(state.queue)) await pause(state);
    if (state.log.last - state.safe > mostTold) await state.syncing;
    const batch = takeBatch(state);
    const mustBeSafe = !arePatient(batch) || state.notes.length > 0 || state.tail.failure !== undefined;
    await (mustBeSafe ? writeSafely(state, batch) : writeSoon(state, batch));
    if (lastSegment(state.log).size >= state.options.segmentBytes && !state.log.hasEnded) {
      if (await rotate(state.tail)) state.options.onRotation();
    }
  }
  state.writing = undefined;
}

function arePatient(queue: Pending[]): boolean {
  return queue.every(({ body }) => isPatient(body));
}

function pause(state: State): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, state.options.groupMs);
    state.hurry = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function takeBatch({ queue }: State): Pending[] {
  let bytes = 0;
  const end = queue.findIndex(({ body }) => {
    bytes += textOf(body).length + spaceOfHead;
    return bytes > mostBytesAtOnce;
  });
  return queue.splice(0, end === -1 ? queue.length : Math.max(end, 1));
}

/** Writes events, on the disk when this returns; those that cannot be written are refused, and leave nothing behind. */
async function writeSafely(state: State, batch: Pending[]): Promise<void> {
  const { log, notes, tail } = state;
  const noted = notes.map((body) => ({ body, time: Date.now() }));
  const events = numbered([...noted, ...batch], log.last);
  try {
    await addSafely(tail, events);
  } catch (error) {
    if (batch.some(({ body }) => body.type === 'end')) state.isEnding = false;
    refuse(state, batch, error);
    return;
  }
  state.notes = [];
  state.safe = log.last;
  batch.forEach(({ resolve }, at) => void resolve(events[notes.length + at]?.seq ?? 0));
}

/** Writes lines for the readers, and has them brought onto the disk meanwhile. */
async function writeSoon(state: State, batch: Pending[]): Promise<void> {
  const events = numbered(batch, state.log.last);
  try {
    await addSoon(state.tail, events);
  } catch (error) {
    refuse(state, batch, error);
    return;
  }
  batch.forEach((pending, at) => void state.told.push({ pending, seq: events[at]?.seq ?? 0 }));
  state.syncing ??= syncTold(state);
}

/** Makes safe what was told, over and over while there is more. */
async function syncTold(state: State): Promise<void> {
  while (state.told.length > 0) {
    const told = state.told.splice(0);
    try {
      await sync(state.tail);
      state.safe = Math.max(state.safe, told.at(-1)?.seq ?? 0);
      for (const { pending, seq } of told) pending.resolve(seq);
    } catch (error) {
      const pending = told.map((one) => one.pending);
      refuse(state, pending, error);
    }
  }
  state.syncing = undefined;
}

/** Gives events their numbers: one more each; a gap takes as many as it stands for. */
function numbered(bodies: { body: EventBody; time: number }[], last: number): DeploymentEvent[] {
  let seq = last;
  return bodies.map(({ body, time }) => {
    const from = seq + 1;
    seq = body.type === 'gap' ? from + (body.to - body.from) : from;
    return body.type === 'gap' ? { seq, time, ...body, from, to: seq } : { seq, time, ...body };
  });
}

function refuse({ log }: State, batch: Pending[], error: unknown): void {
  const failure = journalFailure(`writing to the journal ${log.folder}`, error);
  for (const { reject } of batch) reject(failure);
}

async function close(state: State): Promise<boolean> {
  state.log.isClosed = true;
  state.hurry();
  await state.writing;
  await state.syncing;
  const isSafe =
    state.log.last <= state.safe ||
    (await sync(state.tail).then(
      () => true,
      () => false,
    ));
  await closeTail(state.tail);
  tellReaders(state.log);
  return isSafe && state.notes.length === 0;
}

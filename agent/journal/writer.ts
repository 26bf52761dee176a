import fs, { type FileHandle } from 'node:fs/promises';
import type { DeploymentEvent, EventBody } from '../../protocol/deploymentEvents.ts';
import { AgentError } from '../failure.ts';
import { journalFailure } from './failure.ts';
import { segmentFile, syncFolder } from './layout.ts';
import { type Log, lastSegment, markPlace, newSegment, tellReaders } from './log.ts';
import { recordLine } from './record.ts';

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
  /** Resolves when all that was appended is on the disk, or refused. */
  close(): Promise<void>;
}

interface Pending {
  body: EventBody;
  time: number;
  resolve(seq: number): void;
  reject(error: AgentError): void;
}

interface State extends Leftover {
  log: Log;
  options: WriterOptions;
  handle: FileHandle;
  queue: Pending[];
  isEnding: boolean;
  /** The work that goes on. */
  running: Promise<void> | undefined;
  /** Ends the wait for more lines. */
  hurry: () => void;
}

const mostBytesAtOnce = 512 * 1024;
const spaceOfHead = 128;
const longestText = 256 * 1024;

/** Writes to the last segment of a log. What was left to be told is told now, or with the first write that succeeds. */
export async function openWriter(log: Log, options: WriterOptions, leftover: Leftover): Promise<Writer> {
  const handle = await fs.open(lastSegment(log).file, 'r+');
  const state: State = {
    ...leftover,
    ...{ log, options, handle, queue: [], isEnding: log.hasEnded, running: undefined, hurry: () => {} },
  };
  if (state.notes.length > 0) await write(state, []);
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
  state.running ??= run(state);
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
    if (state.queue.every(({ body }) => isPatient(body))) await pause(state);
    await write(state, takeBatch(state));
    await rotateIfFull(state);
  }
  state.running = undefined;
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

/** Writes events; those that cannot be written are refused, and leave nothing behind. */
async function write(state: State, batch: Pending[]): Promise<void> {
  const { log, notes } = state;
  const bodies = [...notes.map((body) => ({ body, time: Date.now() })), ...batch];
  const events = numbered(bodies, log.last);
  const lines = events.map(recordLine);
  try {
    await put(state, Buffer.from(lines.join('')));
  } catch (error) {
    refuse(state, batch, error);
    return;
  }
  takeIn(log, events, lines);
  state.notes = [];
  batch.forEach(({ resolve }, at) => void resolve(events[notes.length + at]?.seq ?? 0));
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

/** Bytes behind those that are there, on the disk when this returns; cut off again where that fails. */
async function put(state: State, bytes: Buffer): Promise<void> {
  const { handle, log } = state;
  const { size } = lastSegment(log);
  if (state.isDirty) await handle.truncate(size);
  state.isDirty = true;
  try {
    for (let at = 0; at < bytes.length; ) {
      at += (await handle.write(bytes, at, bytes.length - at, size + at)).bytesWritten;
    }
    await handle.datasync();
    state.isDirty = false;
  } catch (error) {
    // Where this fails too, it is done before the next write.
    await handle.truncate(size).then(
      () => {
        state.isDirty = false;
      },
      () => {},
    );
    throw error;
  }
}

function refuse(state: State, batch: Pending[], error: unknown): void {
  const failure = journalFailure(`writing to the journal ${state.log.folder}`, error);
  if (batch.some(({ body }) => body.type === 'end')) state.isEnding = false;
  for (const { reject } of batch) reject(failure);
}

function takeIn(log: Log, events: DeploymentEvent[], lines: string[]): void {
  const segment = lastSegment(log);
  events.forEach(({ seq, type }, at) => {
    markPlace(segment, seq, segment.size);
    segment.size += Buffer.byteLength(lines[at] ?? '');
    segment.last = seq;
    log.last = seq;
    log.hasEnded ||= type === 'end';
  });
  tellReaders(log);
}

async function rotateIfFull(state: State): Promise<void> {
  const { log, options } = state;
  if (lastSegment(log).size < options.segmentBytes || log.hasEnded) return;
  const file = segmentFile(log.folder, log.last + 1);
  try {
    const before = state.handle;
    state.handle = await newFile(log.folder, file);
    log.segments.push(newSegment(file, log.last + 1));
    options.onRotation();
    await before.close();
  } catch {
    // All that was promised is on the disk: the segment gets longer, until there can be another one.
  }
}

async function newFile(folder: string, file: string): Promise<FileHandle> {
  const handle = await fs.open(file, 'w', 0o600);
  try {
    await syncFolder(folder);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function close(state: State): Promise<void> {
  state.log.isClosed = true;
  state.hurry();
  await state.running;
  await state.handle.close();
  tellReaders(state.log);
}

import fs, { type FileHandle } from 'node:fs/promises';
import { syncFolder } from '../../artifact/syncFolder.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import { segmentFile } from './layout.ts';
import { type Log, lastSegment, markPlace, newSegment, type Segment, tellReaders } from './log.ts';
import { remember } from './recent.ts';
import { recordLine } from './record.ts';

/** A file of the log that is open for writing. */
interface TailFile {
  segment: Segment;
  handle: FileHandle;
  /** How much of it is safe, in bytes. */
  synced: number;
}

/** The end of a log, where events are added. All but `sync` must be called one after the other. */
export interface Tail {
  log: Log;
  /** The last one is written to; the others wait to be safe. */
  files: TailFile[];
  /** Whether the last file may hold bytes behind its size that nobody was promised. */
  isDirty: boolean;
  /** Whether a name in the folder may not be safe. */
  isFolderDirty: boolean;
  /** Why what was told may not have reached the disk: it has to be written again. */
  failure: unknown;
  syncing: Promise<void> | undefined;
}

export async function openTail(log: Log, isDirty: boolean): Promise<Tail> {
  const segment = lastSegment(log);
  const handle = await fs.open(segment.file, 'r+');
  const files = [{ segment, handle, synced: segment.size }];
  return { log, files, isDirty, isFolderDirty: false, failure: undefined, syncing: undefined };
}

/** Adds events that readers see at once; they are safe after the next `sync`. What cannot be written leaves nothing behind. */
export async function addSoon(tail: Tail, events: DeploymentEvent[]): Promise<void> {
  const lines = events.map(recordLine);
  await put(tail, Buffer.from(lines.join('')), async () => {});
  takeIn(tail.log, events, lines);
}

/** Adds events that readers see once they are safe, with all that came before them. */
export async function addSafely(tail: Tail, events: DeploymentEvent[]): Promise<void> {
  const lines = events.map(recordLine);
  await tail.syncing?.catch(() => {});
  if (tail.failure !== undefined) await sync(tail);
  await put(tail, Buffer.from(lines.join('')), () => syncUntold(tail));
  takeIn(tail.log, events, lines);
  const file = tail.files.at(-1);
  if (file !== undefined) file.synced = file.segment.size;
}

/** Makes all safe that was added before. Where that failed once, what is not safe is written again. */
export function sync(tail: Tail): Promise<void> {
  const before = tail.syncing?.catch(() => {}) ?? Promise.resolve();
  const work: Promise<void> = before
    .then(() => syncFiles(tail))
    .finally(() => {
      if (tail.syncing === work) tail.syncing = undefined;
    });
  tail.syncing = work;
  return work;
}

/** Where a failure came between, it may have been about these bytes, and would not be told again. */
async function syncUntold(tail: Tail): Promise<void> {
  await tail.syncing?.catch(() => {});
  if (tail.failure !== undefined) throw tail.failure;
  await sync(tail);
}

async function syncFiles(tail: Tail): Promise<void> {
  try {
    await trySync(tail);
    tail.failure = undefined;
  } catch (error) {
    tail.failure = error;
    throw error;
  }
}

async function trySync(tail: Tail): Promise<void> {
  const isAgain = tail.failure !== undefined;
  const count = tail.files.length;
  for (const file of tail.files.slice(0, count)) {
    const { size } = file.segment;
    if (isAgain) await writeAgain(file, size);
    await file.handle.datasync();
    file.synced = size;
  }
  if (tail.isFolderDirty) await syncFolder(tail.log.folder);
  tail.isFolderDirty = false;
  for (const { handle } of tail.files.splice(0, count - 1)) await handle.close();
}

/** After a failure the system may take what it holds for safe: only what is written anew reaches the disk for sure. */
async function writeAgain({ handle, synced }: TailFile, size: number): Promise<void> {
  const bytes = Buffer.alloc(size - synced);
  await handle.read(bytes, 0, bytes.length, synced);
  await writeAll(handle, bytes, synced);
}

/** Bytes behind those that are there; cut off again where that fails. */
async function put(tail: Tail, bytes: Buffer, finish: () => Promise<void>): Promise<void> {
  const handle = tail.files.at(-1)?.handle;
  const { size } = lastSegment(tail.log);
  if (handle === undefined) return;
  if (tail.isDirty) await handle.truncate(size);
  tail.isDirty = true;
  try {
    await writeAll(handle, bytes, size);
    await finish();
    tail.isDirty = false;
  } catch (error) {
    // Where this fails too, it is done before the next write.
    await handle.truncate(size).then(
      () => {
        tail.isDirty = false;
      },
      () => {},
    );
    throw error;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, place: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await handle.write(bytes, at, bytes.length - at, place + at)).bytesWritten;
  }
}

function takeIn(log: Log, events: DeploymentEvent[], lines: string[]): void {
  const segment = lastSegment(log);
  const before = segment.size;
  events.forEach(({ seq, type }, at) => {
    markPlace(segment, seq, segment.size);
    segment.size += Buffer.byteLength(lines[at] ?? '');
    segment.last = seq;
    log.last = seq;
    log.hasEnded ||= type === 'end';
  });
  remember(log.recent, events, segment.size - before);
  tellReaders(log);
}

/** Goes on in a new segment; where there can be none, the old one gets longer. */
export async function rotate(tail: Tail): Promise<boolean> {
  const { log, files } = tail;
  const file = segmentFile(log.folder, log.last + 1);
  try {
    const handle = await fs.open(file, 'w+', 0o600);
    const segment = newSegment(file, log.last + 1);
    tail.isFolderDirty = true;
    log.segments.push(segment);
    files.push({ segment, handle, synced: 0 });
    return true;
  } catch {
    return false;
  }
}

export async function closeTail(tail: Tail): Promise<void> {
  await tail.syncing?.catch(() => {});
  for (const { handle } of tail.files) await handle.close();
}

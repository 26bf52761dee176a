import fs from 'node:fs';
import { ArtifactError } from '../failure.ts';
import { blockBytes, entryHeader, padding } from './header.ts';
import { shownName } from './names.ts';
import type { PlannedEntry } from './plan.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;

/**
 * The tar of some entries in pieces of one size (the last one is shorter). Files are read straight into the pieces, and
 * synchronously: for thousands of small files that costs a fraction of going through threads, and each piece lets others
 * have their turn. A piece is overwritten once two more were asked for.
 *
 * Throws `refused` for a file that is not what it was when it was planned.
 * @param mtime in seconds since 1970
 */
export function* tarChunks(entries: readonly PlannedEntry[], mtime: number, size: number): Generator<Buffer> {
  const buffers = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)];
  let turn = 0;
  let filled = 0;
  const room = () => buffers[turn] as Buffer;
  function* put(bytes: Buffer): Generator<Buffer> {
    for (let from = 0; from < bytes.length; ) {
      const taken = bytes.copy(room(), filled, from);
      from += taken;
      filled += taken;
      if (filled === size) yield next();
    }
  }
  function next(): Buffer {
    const full = room().subarray(0, filled);
    turn = 1 - turn;
    filled = 0;
    return full;
  }
  function* putFile(entry: PlannedEntry): Generator<Buffer> {
    const handle = openPlanned(entry);
    try {
      for (let left = entry.size; left > 0; ) {
        const count = fs.readSync(handle, room(), filled, Math.min(left, size - filled), null);
        if (count === 0) throw changed(entry, 'it became shorter');
        left -= count;
        filled += count;
        if (filled === size) yield next();
      }
      checkSame(entry, handle);
    } finally {
      fs.closeSync(handle);
    }
  }
  for (const entry of entries) {
    yield* put(entryHeader(entry, mtime));
    if (entry.kind !== 'file') continue;
    yield* putFile(entry);
    yield* put(zeros.subarray(0, padding(entry.size)));
  }
  yield* put(zeros);
  if (filled > 0) yield next();
}

/** Two empty blocks end an archive. */
const zeros = Buffer.alloc(2 * blockBytes);

/** A FIFO that took the file's place must not make us wait, nor a link lead us elsewhere. */
function openPlanned(entry: PlannedEntry): number {
  try {
    return fs.openSync(entry.file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') throw changed(entry, 'it went away');
    throw new ArtifactError('unavailable', `${shownName(entry.name)} cannot be packed: ${message}`, error);
  }
}

function checkSame(entry: PlannedEntry, handle: number): void {
  const now = fs.fstatSync(handle, { bigint: true });
  const { stat } = entry;
  if (now.size !== stat.size) throw changed(entry, now.size < stat.size ? 'it became shorter' : 'it grew');
  if (now.mtimeNs !== stat.mtimeNs) throw changed(entry, 'it was written to');
  if (now.ino !== stat.ino || now.dev !== stat.dev) throw changed(entry, 'another file took its place');
}

function changed(entry: PlannedEntry, how: string): ArtifactError {
  return new ArtifactError(
    'refused',
    `${shownName(entry.name)} changed while it was packed: ${how}. Build again once nothing writes to it`,
  );
}

import fs from 'node:fs';
import { ArtifactError } from '../failure.ts';
import { blockBytes, entryHeader, padding } from './header.ts';
import { shownName } from './names.ts';
import { fileOf, type PlannedEntry } from './plan.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;

/** The piece that is being filled. */
interface Filling {
  buffers: Buffer[];
  turn: number;
  filled: number;
}

/**
 * The tar of some entries in pieces of one size (the last one is shorter). Files are read straight into the pieces, and
 * synchronously: for thousands of small files that costs a fraction of going through threads.
 *
 * Throws `refused` for a file that is not what it was when it was planned.
 * @param mtime in seconds since 1970
 * @param size of a piece, in bytes
 * @param buffers a piece is overwritten when the one is asked for that comes so many later
 */
export function* tarPieces(
  entries: readonly PlannedEntry[],
  mtime: number,
  size: number,
  buffers: number,
): Generator<Buffer> {
  const filling: Filling = { buffers: [], turn: 0, filled: 0 };
  // More than a small archive needs is not taken: a header has less than 4096 bytes beside its names.
  const most = entries.reduce(
    (sum, { size, name, target = '' }) => sum + size + name.length + target.length + 4096,
    4096,
  );
  for (let made = 0; made < buffers && made * size < most; made++) {
    filling.buffers.push(Buffer.allocUnsafeSlow(Math.min(size, most)));
  }
  for (const entry of entries) {
    yield* put(filling, entryHeader(entry, mtime));
    if (entry.kind !== 'file') continue;
    yield* putFile(filling, entry);
    yield* put(filling, zeros.subarray(0, padding(entry.size)));
  }
  yield* put(filling, zeros);
  if (filling.filled > 0) yield next(filling);
}

function room({ buffers, turn }: Filling): Buffer {
  return buffers[turn] as Buffer;
}

function next(filling: Filling): Buffer {
  const full = room(filling).subarray(0, filling.filled);
  filling.turn = (filling.turn + 1) % filling.buffers.length;
  filling.filled = 0;
  return full;
}

function* put(filling: Filling, bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const taken = bytes.copy(room(filling), filling.filled, from);
    from += taken;
    filling.filled += taken;
    if (filling.filled === room(filling).length) yield next(filling);
  }
}

function* putFile(filling: Filling, entry: PlannedEntry): Generator<Buffer> {
  const handle = openPlanned(entry);
  try {
    for (let left = entry.size; left > 0; ) {
      const most = Math.min(left, room(filling).length - filling.filled);
      const count = fs.readSync(handle, room(filling), filling.filled, most, null);
      if (count === 0) throw changed(entry, 'it became shorter');
      left -= count;
      filling.filled += count;
      if (filling.filled === room(filling).length) yield next(filling);
    }
    checkSame(entry, handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Two empty blocks end an archive. */
const zeros = Buffer.alloc(2 * blockBytes);

/** A FIFO that took the file's place must not make us wait, nor a link lead us elsewhere. */
function openPlanned(entry: PlannedEntry): number {
  try {
    return fs.openSync(fileOf(entry), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') throw changed(entry, 'it went away');
    throw new ArtifactError('unavailable', `${shownName(entry.name)} cannot be packed: ${message}`, error);
  }
}

function checkSame(entry: PlannedEntry, handle: number): void {
  const now = fs.fstatSync(handle);
  if (now.size !== entry.size) throw changed(entry, now.size < entry.size ? 'it became shorter' : 'it grew');
  if (now.mtimeMs !== entry.changed) throw changed(entry, 'it was written to');
  if (now.ino !== entry.inode) throw changed(entry, 'another file took its place');
}

function changed(entry: PlannedEntry, how: string): ArtifactError {
  return new ArtifactError(
    'refused',
    `${shownName(entry.name)} changed while it was packed: ${how}. Build again once nothing writes to it`,
  );
}

import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { Readable } from 'node:stream';
import { checkCancelled } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';
import { compressed, letGo, pieceBytes, piecesAtOnce } from './compress.ts';
import type { Compression } from './compression.ts';
import { diskFailure } from './diskFailure.ts';
import { littleGarbage } from './littleGarbage.ts';
import { byteName, nameFault } from './names.ts';
import { type PackSource, type PlannedEntry, planEntries } from './plan.ts';
import { tarPieces } from './tarPieces.ts';

export interface PackOptions {
  /** The archive's one folder, which all is in: the app's name. */
  top: string;
  sources: readonly PackSource[];
  /** What every entry says it was changed at, in seconds since 1970: the commit's time, or SOURCE_DATE_EPOCH. */
  mtime: number;
  compression: Compression;
  /** As the compression counts it; what is best for artifacts when left out. */
  level?: number;
  /** Ends the work with `cancelled`. */
  signal?: AbortSignal;
  /** Told now and then how many bytes of about how many have been read. */
  onProgress?: (done: number, total: number) => void;
}

/** What was packed. */
export interface Packed {
  /** Of the archive's bytes, in hexadecimal. */
  sha256: string;
  /** Of the archive, in bytes. */
  size: number;
  /** How many files, folders and links are in it. */
  entries: number;
  /** Of all its files as they are unpacked, in bytes. */
  expandedBytes: number;
}

/** An archive on its way. */
export interface PackedStream {
  /** The archive's bytes; fails with an `ArtifactError`. */
  stream: Readable;
  /** What was packed, once the stream has ended; throws before. */
  packed(): Packed;
}

/**
 * Packs files into a compressed tar, as a stream. The same files give the same bytes, whoever packs them, where and
 * when: nothing but names, bytes, executable bits and links' targets goes in. (Other versions of Node, and the `zstd`
 * command, may compress the same tar into other bytes.)
 *
 * Throws, or ends the stream with, `invalid` (names, options), `missing` (a file that is not there), `refused` (what cannot
 * be packed, and a file that changed meanwhile), `unavailable` (the disk), `cancelled`.
 */
export async function packArchive(options: PackOptions): Promise<PackedStream> {
  const { bytes, packed } = await measuredArchive(options);
  return { stream: Readable.from(bytes, { objectMode: false }), packed };
}

/**
 * Packs into a new file, which is there whole or not at all (nobody waits for the disk, though). Throws as
 * {@link packArchive} does, and `exists`.
 */
export async function packArchiveFile(file: string, options: PackOptions): Promise<Packed> {
  if (fs.existsSync(file)) throw new ArtifactError('exists', `${file} is there already`);
  const { bytes, packed } = await measuredArchive(options);
  const staged = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeNew(staged, bytes);
    await fs.promises.rename(staged, file);
    return packed();
  } catch (error) {
    throw diskFailure(`${file} could not be written`, error);
  } finally {
    await fs.promises.rm(staged, { force: true });
  }
}

async function writeNew(file: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  const handle = await fs.promises.open(file, 'wx');
  try {
    for await (const some of bytes) {
      await handle.writeFile(some);
      letGo(some);
    }
  } finally {
    await handle.close();
  }
}

async function measuredArchive(
  options: PackOptions,
): Promise<{ bytes: AsyncGenerator<Buffer>; packed: () => Packed }> {
  checkOptions(options);
  littleGarbage();
  const entries = await planEntries(byteName(options.top), options.sources, options.signal);
  const hash = createHash('sha256');
  let size = 0;
  let result: Packed | undefined;
  async function* bytes(): AsyncGenerator<Buffer> {
    for await (const some of archiveBytes(entries, options)) {
      hash.update(some);
      size += some.length;
      yield some;
    }
    const expandedBytes = entries.reduce((sum, one) => sum + one.size, 0);
    result = { sha256: hash.digest('hex'), size, entries: entries.length, expandedBytes };
  }
  const packed = () => {
    if (result === undefined) throw new Error('the archive has not been read to its end');
    return result;
  };
  return { bytes: bytes(), packed };
}

function checkOptions({ top, mtime }: PackOptions): void {
  const fault = top.includes('/') ? 'it has / in it' : nameFault(byteName(top));
  if (fault !== undefined)
    throw new ArtifactError('invalid', `${top} cannot be an archive's folder: ${fault}`);
  if (!Number.isSafeInteger(mtime) || mtime < 0 || mtime > 0o77777777777) {
    throw new ArtifactError('invalid', `${mtime} is no time for an archive: give whole seconds since 1970`);
  }
}

/** While threads compress what was read, the next files are. */
async function* archiveBytes(entries: readonly PlannedEntry[], options: PackOptions): AsyncGenerator<Buffer> {
  try {
    for await (const bytes of compressed(readPieces(entries, options), options.compression, options.level)) {
      checkCancelled(options.signal);
      yield bytes;
    }
  } catch (error) {
    throw diskFailure('the archive could not be made', error);
  }
}

function* readPieces(entries: readonly PlannedEntry[], options: PackOptions): Generator<Buffer> {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const piece of tarPieces(entries, options.mtime, pieceBytes, piecesAtOnce() + 1)) {
    checkCancelled(options.signal);
    yield piece;
    done += piece.length;
    options.onProgress?.(Math.min(done, total), total);
  }
}

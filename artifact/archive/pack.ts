import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stopIfCancelled } from '../cancelled.ts';
import { ArtifactError } from '../failure.ts';
import { type Coder, type Compression, chunkBytes, compressor } from './coder.ts';
import { diskFailure } from './diskFailure.ts';
import { byteName, nameFault } from './names.ts';
import { type PackSource, type PlannedEntry, planEntries } from './plan.ts';
import { tarChunks } from './tarChunks.ts';

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
  checkOptions(options);
  const entries = await planEntries(byteName(options.top), options.sources, options.signal);
  const hash = createHash('sha256');
  let size = 0;
  let result: Packed | undefined;
  async function* measured(): AsyncGenerator<Buffer> {
    for await (const bytes of archiveBytes(entries, options)) {
      hash.update(bytes);
      size += bytes.length;
      yield bytes;
    }
    result = { sha256: hash.digest('hex'), size, entries: entries.length };
  }
  return {
    stream: Readable.from(measured(), { objectMode: false }),
    packed() {
      if (result === undefined) throw new Error('the archive has not been read to its end');
      return result;
    },
  };
}

/**
 * Packs into a new file, which is there whole or not at all (nobody waits for the disk, though). Throws as
 * {@link packArchive} does, and `exists`.
 */
export async function packArchiveFile(file: string, options: PackOptions): Promise<Packed> {
  if (fs.existsSync(file)) throw new ArtifactError('exists', `${file} is there already`);
  const { stream, packed } = await packArchive(options);
  const staged = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    await pipeline(stream, fs.createWriteStream(staged, { flags: 'wx' }));
    fs.renameSync(staged, file);
    return packed();
  } catch (error) {
    throw diskFailure(`${file} could not be written`, error);
  } finally {
    fs.rmSync(staged, { force: true });
  }
}

function checkOptions({ top, mtime }: PackOptions): void {
  const fault = top.includes('/') ? 'it has / in it' : nameFault(byteName(top));
  if (fault !== undefined)
    throw new ArtifactError('invalid', `${top} cannot be an archive's folder: ${fault}`);
  if (!Number.isSafeInteger(mtime) || mtime < 0 || mtime > 0o77777777777) {
    throw new ArtifactError('invalid', `${mtime} is no time for an archive: give whole seconds since 1970`);
  }
}

/** Where gzip names the operating system, and its word for an unknown one. */
const systemByte = 9;
const unknownSystem = 255;

async function* archiveBytes(entries: readonly PlannedEntry[], options: PackOptions): AsyncGenerator<Buffer> {
  const coder = compressor(options.compression, options.level);
  const { signal } = options;
  const stop = () => coder.end();
  signal?.addEventListener('abort', stop, { once: true });
  let fault: unknown;
  const feeding = feed(coder, entries, options).catch((error: unknown) => {
    fault = error;
    coder.end();
  });
  try {
    let isFirst = options.compression === 'gzip';
    for await (const bytes of coder.output) {
      if (isFirst) bytes[systemByte] = unknownSystem;
      isFirst = false;
      yield bytes;
    }
    await feeding;
    if (fault !== undefined) throw fault;
    await coder.done;
  } catch (error) {
    stopIfCancelled(signal);
    throw diskFailure('the archive could not be made', fault ?? error);
  } finally {
    signal?.removeEventListener('abort', stop);
    coder.end();
  }
}

/** Gives the tar to the compression. While that works on one piece, the next one is read. */
async function feed(coder: Coder, entries: readonly PlannedEntry[], options: PackOptions): Promise<void> {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  let taken = Promise.resolve();
  let done = 0;
  for (const piece of tarChunks(entries, options.mtime, chunkBytes)) {
    await taken;
    stopIfCancelled(options.signal);
    taken = coder.write(piece);
    done += piece.length;
    options.onProgress?.(Math.min(done, total), total);
  }
  await taken;
  coder.finish();
}

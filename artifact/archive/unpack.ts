import fs from 'node:fs';
import type { Readable } from 'node:stream';
import { checkCancelled } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';
import { diskFailure } from './diskFailure.ts';
import { expandedBytes, type Tally } from './expand.ts';
import { type Extraction, extraction } from './extraction.ts';
import { type LeftOut, leftOut } from './leftOut.ts';
import { defaultLimits, type UnpackLimits } from './limits.ts';
import { byteName, textName } from './names.ts';
import { syncTree } from './syncTree.ts';
import { refusal } from './tarFields.ts';
import { type TarReader, type TarSink, tarReader } from './tarReader.ts';

export interface UnpackOptions {
  /** The one folder that the archive must have all in: the app's name. Any when left out. */
  top?: string;
  /**
   * What is unpacked, by its path in the archive; all when left out. The rest is counted, and must neither stand nor lead elsewhere. A folder comes with
   * what is in it; a hard link to what is left out is `refused`.
   */
  only?: (path: string) => boolean;
  /** Other bounds than {@link defaultLimits}. */
  limits?: Partial<UnpackLimits>;
  /** Whether all is on the disk, too, when this ends. */
  isLasting?: boolean;
  /** Ends the work with `cancelled`. */
  signal?: AbortSignal;
  /** Told now and then how many bytes of the archive have come. */
  onProgress?: (archiveBytes: number) => void;
}

/** What was looked at, in bytes: the archive, and what is in it. */
export interface Unpacked {
  archiveBytes: number;
  expandedBytes: number;
  /** How many files, folders and links it has. */
  entries: number;
}

/**
 * Unpacks a tar (zstd, gzip or plain: its first bytes tell) into a new folder. It is safe with any archive: nothing is
 * written outside of the folder, no link leads out of it, no file is of a special kind or runs as somebody else, and nothing is
 * larger than the limits. Owners are not taken over; modes are kept but for what lets others write.
 *
 * The stream is read to its end, so that one that checks a digest has had its say. Whatever fails, the folder goes away again.
 *
 * Throws `exists` (the folder), `refused` (an archive that is broken or breaks the rules), `unavailable` (the disk),
 * `cancelled`, and the stream's own `ArtifactError`.
 */
export async function unpackArchive(
  source: Readable,
  into: string,
  options: UnpackOptions = {},
): Promise<Unpacked> {
  const { signal } = options;
  const stop = () => source.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    checkCancelled(signal);
    makeFolder(into);
    try {
      return await unpackInto(source, into, options);
    } catch (error) {
      await fs.promises.rm(into, { recursive: true, force: true });
      checkCancelled(signal);
      throw diskFailure(`nothing was unpacked into ${into}`, error);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    source.destroy();
  }
}

function makeFolder(into: string): void {
  try {
    fs.mkdirSync(into, 0o755);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (isThere)
      throw new ArtifactError('exists', `${into} is there already: unpack into a new folder`, error);
    throw diskFailure(`${into} could not be made`, error);
  }
}

/** So much is written before others have their turn. */
const sliceBytes = 1024 * 1024;

async function feedSlowly(
  tree: Extraction,
  reader: TarReader,
  bytes: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    await new Promise(setImmediate);
    checkCancelled(signal);
    reader.feed(bytes.subarray(at, at + sliceBytes));
    await tree.settled();
  }
}

async function unpackInto(source: Readable, into: string, options: UnpackOptions): Promise<Unpacked> {
  const { signal, onProgress } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const top = options.top === undefined ? undefined : byteName(options.top);
  const tally: Tally = { archiveBytes: 0, expandedBytes: 0 };
  const tree = extraction(byteName(into), top);
  const rest = leftOut(top);
  const counted = countedSink(tree, rest, options.only);
  try {
    const reader = tarReader(counted, limits);
    for await (const bytes of expandedBytes(source, limits, tally)) {
      await feedSlowly(tree, reader, bytes, signal);
      onProgress?.(tally.archiveBytes);
    }
    reader.end();
    rest.end();
    await tree.finish(signal);
  } finally {
    await tree.close();
  }
  if (top !== undefined && options.only !== undefined && counted.entries() > 0)
    fs.mkdirSync(`${into}/${options.top}`, { recursive: true });
  if (top !== undefined && !fs.existsSync(`${into}/${options.top}`)) throw refusal('there is nothing in it');
  if (options.isLasting) await syncTree(into, signal);
  return { ...tally, entries: counted.entries() };
}

/** Counts what is in an archive, and lets only a part of it through. */
function countedSink(
  tree: TarSink,
  rest: LeftOut,
  only: ((path: string) => boolean) | undefined,
): TarSink & { entries(): number } {
  let entries = 0;
  let isKept = true;
  return {
    entry(entry) {
      entries++;
      isKept = only === undefined || (entry.kind !== 'folder' && only(textName(entry.name) ?? entry.name));
      rest.entry(entry, isKept);
      if (isKept) tree.entry(entry);
    },
    data(bytes) {
      if (isKept) tree.data(bytes);
    },
    fileEnd() {
      if (isKept) tree.fileEnd();
    },
    entries: () => entries,
  };
}

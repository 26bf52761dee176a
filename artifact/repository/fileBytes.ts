import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import { Readable } from 'node:stream';
import { checkCancelled } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';

/** A file that is uploaded, as it is found at first. */
export interface OpenFile {
  handle: fs.FileHandle;
  name: string;
  /** In bytes. */
  size: number;
  /** Differs when the file was changed. */
  state: string;
}

const chunkBytes = 1024 * 1024;

/** Opens a file to read it once or more; `missing` where there is none, `invalid` where it is no file. */
export async function openFile(name: string): Promise<OpenFile> {
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(name, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ArtifactError('missing', `there is no file ${name}`, error);
  }
  const stat = await handle.stat({ bigint: true });
  if (stat.isFile()) return { handle, name, size: Number(stat.size), state: stateOf(stat) };
  await handle.close();
  throw new ArtifactError('invalid', `${name} is no regular file`);
}

/**
 * A file's bytes as a stream, which fails with `refused` where the file is no longer as it was, or where the bytes do
 * not have the digest.
 * @param onBytes is told of the bytes so far.
 */
export function fileStream(
  file: OpenFile,
  sha256: string | undefined,
  onBytes: (done: number) => void,
): Readable {
  return Readable.from(checkedChunks(file, sha256, onBytes), { objectMode: false });
}

/** The SHA-256 of a file. */
export async function fileDigest(
  file: OpenFile,
  onBytes: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of chunksOf(file)) {
    checkCancelled(signal);
    hash.update(chunk);
    done += chunk.length;
    onBytes(done);
  }
  return hash.digest('hex');
}

async function* checkedChunks(
  file: OpenFile,
  sha256: string | undefined,
  onBytes: (done: number) => void,
): AsyncGenerator<Buffer> {
  const hash = sha256 === undefined ? undefined : createHash('sha256');
  let done = 0;
  for await (const chunk of chunksOf(file)) {
    hash?.update(chunk);
    yield chunk;
    done += chunk.length;
    onBytes(done);
  }
  const isSame = stateOf(await file.handle.stat({ bigint: true })) === file.state;
  if (!isSame)
    throw new ArtifactError('refused', `${file.name} was changed while it was uploaded: nothing was kept`);
  const digest = hash?.digest('hex');
  if (digest === sha256) return;
  throw new ArtifactError(
    'refused',
    `${file.name} has the SHA-256 ${digest}, not ${sha256}: nothing was kept`,
  );
}

async function* chunksOf({ handle, size }: OpenFile): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    // A chunk may wait for its turn: the next one needs room of its own.
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, size - at));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function stateOf(stat: { size: bigint; mtimeNs: bigint; ctimeNs: bigint; ino: bigint }): string {
  return [stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino].join(' ');
}

import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { cancelled, checkCancelled } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import { workFolder } from '../keys.ts';
import { hasEnded, type Owner, thisOwner } from '../owner.ts';
import { errorCode, ifThere } from './failures.ts';

const dayMs = 24 * 3600_000;
const stagedPrefix = 'new_';

/** A file that is written, beside those that can be seen. */
export interface Staged {
  file: string;
  size: number;
}

/**
 * Writes bytes to a new file in a store's work folder, on the disk when this returns.
 * @param mode of the file; the umask takes its part.
 */
export async function stage(
  root: string,
  body: Readable | string,
  { mode, size, signal }: { mode: number; size?: number | undefined; signal?: AbortSignal | undefined },
): Promise<Staged> {
  checkCancelled(signal);
  const file = await newWorkFile(root, stagedPrefix);
  const handle = await fs.open(file, 'wx', mode);
  try {
    const written = await fill(handle, body, signal);
    if (size !== undefined && size !== written) {
      throw new ArtifactError(
        'refused',
        `${written} bytes came where ${size} were announced: nothing was kept`,
      );
    }
    await handle.sync();
    await handle.close();
    return { file, size: written };
  } catch (error) {
    await handle.close().catch(() => {});
    await unstage(file);
    throw error;
  }
}

async function fill(
  handle: fs.FileHandle,
  body: Readable | string,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (typeof body === 'string') {
    await handle.writeFile(body);
    return Buffer.byteLength(body);
  }
  if (signal !== undefined) addAbortSignal(signal, body);
  let written = 0;
  try {
    for await (const chunk of body) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      await writeAll(handle, bytes);
      written += bytes.length;
    }
  } catch (error) {
    throw signal?.aborted ? cancelled(signal) : error;
  }
  checkCancelled(signal);
  return written;
}

async function writeAll(handle: fs.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
}

/** Takes a staged file away. */
export async function unstage(file: string | undefined): Promise<void> {
  if (file !== undefined) await fs.rm(file, { force: true });
}

/** A name for a new file in the work folder, which tells whose it is. */
export async function newWorkFile(root: string, prefix: string): Promise<string> {
  const folder = path.join(root, workFolder);
  await fs.mkdir(folder, { recursive: true });
  const { host, pid, began } = thisOwner();
  return path.join(folder, `${prefix}${[host, pid, began, randomUUID()].join('_')}`);
}

/** Takes away what processes left in the work folder that were killed: of other machines, what is a day old. */
export async function sweepStaged(root: string): Promise<void> {
  const folder = path.join(root, workFolder);
  const names = (await ifThere(fs.readdir(folder))) ?? [];
  for (const name of names) {
    const [prefix, host = '', pid = '', began = ''] = name.split('_');
    if (`${prefix}_` !== stagedPrefix) continue;
    const file = path.join(folder, name);
    if (await isLeft(file, { host, pid: Number(pid), began })) await tryToRemove(file);
  }
}

async function isLeft(file: string, owner: Owner): Promise<boolean> {
  const ended = hasEnded(owner);
  if (ended !== undefined) return ended;
  const stat = await ifThere(fs.stat(file));
  return stat !== undefined && Date.now() - stat.mtimeMs > dayMs;
}

async function tryToRemove(file: string): Promise<void> {
  try {
    await fs.rm(file, { force: true });
  } catch (error) {
    // Another user's: theirs to sweep.
    if (errorCode(error) === undefined) throw error;
  }
}

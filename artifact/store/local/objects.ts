import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import fs from 'node:fs/promises';
import { Readable } from 'node:stream';
import { cancelled } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import { metaEnding } from '../keys.ts';
import { asMetadata, type Metadata } from '../metadata.ts';
import type { ObjectHead, ObjectInfo } from '../store.ts';
import { fileFailure, ifThere, isGone } from './failures.ts';
import { findPlace } from './places.ts';

/** Texts up to here are told apart by what they hold: a file's number and time may come again within a tick of the clock. */
export const smallBytes = 65_536;
const chunkBytes = 1 << 20;

/** An object's file that is open for reading, with its head: both of the same moment. */
export interface OpenObject {
  handle: fs.FileHandle;
  head: ObjectHead;
}

/** Opens the file of an object; nothing where there is none. */
export async function openObject(root: string, key: string): Promise<OpenObject | undefined> {
  for (;;) {
    const opened = await openOnce(root, key);
    if (opened !== 'changed') return opened;
  }
}

async function openOnce(root: string, key: string): Promise<OpenObject | undefined | 'changed'> {
  const file = await findPlace(root, key);
  // NONBLOCK: a named pipe would wait for a writer.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  const handle = file === undefined ? undefined : await ifThere(fs.open(file, flags));
  if (file === undefined || handle === undefined) return undefined;
  try {
    const stat = await handle.stat({ bigint: true });
    const metadata = stat.isFile() ? await readMetadata(`${file}${metaEnding}`) : {};
    // What was deleted and made anew in between has other metadata.
    const now = await ifThere(fs.stat(file, { bigint: true }));
    const isSame = now?.ino === stat.ino && now.dev === stat.dev;
    if (stat.isFile() && isSame) return { handle, head: { ...(await infoOf(handle, key, stat)), metadata } };
    await handle.close();
    return stat.isFile() ? 'changed' : undefined;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** What is to be told of an object's file; nothing where it went away. */
export async function objectInfo(file: string, key: string): Promise<ObjectInfo | undefined> {
  const handle = await ifThere(fs.open(file, 'r'));
  try {
    return handle && (await infoOf(handle, key, await handle.stat({ bigint: true })));
  } finally {
    await handle?.close();
  }
}

async function infoOf(handle: fs.FileHandle, key: string, stat: BigIntStats): Promise<ObjectInfo> {
  const size = Number(stat.size);
  const tag =
    size > smallBytes ? `${stat.ino}-${size}-${stat.mtimeNs}` : textTag(await bytesOf(handle, size));
  return { key, size, modified: Number(stat.mtimeMs), tag };
}

async function bytesOf(handle: fs.FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  let at = 0;
  for (let read = -1; at < size && read !== 0; at += read) {
    read = (await handle.read(bytes, at, size - at, at)).bytesRead;
  }
  return bytes.subarray(0, at);
}

/** The tag of an object with this text. */
export function textTag(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readMetadata(file: string): Promise<Metadata> {
  const text = await ifThere(fs.readFile(file, 'utf8'));
  if (text === undefined) return {};
  try {
    return asMetadata(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ArtifactError('refused', `${file} is damaged: it is to hold the metadata as JSON`, error);
  }
}

/** The bytes of an object that is open, from an offset on; closes it. Fails where there come fewer than the head says. */
export function readBytes(
  { handle, head }: OpenObject,
  start: number,
  signal: AbortSignal | undefined,
): Readable {
  let at = start;
  const stop = () => stream.destroy(signal && cancelled(signal));
  const stream = new Readable({
    highWaterMark: chunkBytes,
    read() {
      readChunk(handle, at, head).then(
        (chunk) => {
          at += chunk?.length ?? 0;
          this.push(chunk);
        },
        (error) => this.destroy(fileFailure(error, `reading ${head.key}`) as Error),
      );
    },
    destroy(error, done) {
      signal?.removeEventListener('abort', stop);
      handle.close().then(() => done(error), done);
    },
  });
  signal?.addEventListener('abort', stop, { once: true });
  return stream;
}

async function readChunk(handle: fs.FileHandle, at: number, head: ObjectHead): Promise<Buffer | null> {
  const wanted = Math.min(chunkBytes, head.size - at);
  if (wanted <= 0) return null;
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
  if (bytesRead > 0) return buffer.subarray(0, bytesRead);
  throw new ArtifactError(
    'unavailable',
    `${head.key} ends after ${at} of ${head.size} bytes: it was cut meanwhile`,
  );
}

/** Whether there is anything of that name. */
export async function isTaken(file: string): Promise<boolean> {
  try {
    await fs.lstat(file);
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

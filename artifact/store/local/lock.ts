import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pause } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import { workFolder } from '../keys.ts';
import { hasEnded, type Owner, thisOwner } from '../owner.ts';
import { errorCode, ifThere } from './failures.ts';
import { linkOnce } from './linkOnce.ts';
import { newWorkFile, unstage } from './staging.ts';

/** What a lock's file holds. */
interface Holder extends Owner {
  id: string;
}

/** A lock that is held. */
interface Held {
  file: string;
  holder: Holder;
}

// A holder on another machine says that it lives by touching its lock; it holds one for milliseconds.
const touchEveryMs = 5_000;
const staleAfterMs = 60_000;
const longestWaitMs = 120_000;
const longestPauseMs = 50;

/**
 * Does some work on a key while no other process does: they wait, here and on other machines. A lock whose holder was killed is
 * taken over, at once on this machine and after a minute on another.
 * @param work calls what it is given right before a change becomes visible: it throws `conflict` where the lock was lost.
 */
export async function withLock<T>(
  root: string,
  key: string,
  signal: AbortSignal | undefined,
  work: (check: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const held = await acquire(root, key, signal);
  const touching = setInterval(() => void touch(held.file), touchEveryMs);
  try {
    return await work(() => checkHeld(held, key));
  } finally {
    clearInterval(touching);
    if (await isHeld(held)) await unstage(held.file);
  }
}

async function acquire(root: string, key: string, signal: AbortSignal | undefined): Promise<Held> {
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const file = path.join(root, workFolder, `lock_${name}`);
  const holder: Holder = { ...thisOwner(), id: randomUUID() };
  const start = performance.now();
  for (let wait = 1; ; wait = Math.min(wait * 1.5, longestPauseMs)) {
    if (await tryLock(root, file, holder)) return { file, holder };
    if (performance.now() - start > longestWaitMs) throw await waitedTooLong(key, file);
    // Those who wait are not to come back all at once.
    await pause(wait * (0.5 + Math.random()), signal);
  }
}

async function tryLock(root: string, file: string, holder: Holder): Promise<boolean> {
  const own = await newWorkFile(root, 'new_');
  await fs.writeFile(own, JSON.stringify(holder), { flag: 'wx' });
  try {
    if (await putLock(own, file)) return true;
    return await takeOver(file, own);
  } finally {
    await unstage(own);
  }
}

/** Takes the place of a lock that is stale; only one of those who want it does. */
async function takeOver(file: string, own: string): Promise<boolean> {
  const before = await readHolder(file);
  if (before === undefined || !(await isStale(file, before, own))) return false;
  const heir = `${file}_after_${before.id}`;
  if (!(await putLock(own, heir))) {
    const other = await readHolder(heir);
    // The heir was killed too, before it took the place.
    if (other !== undefined && (await isStale(heir, other, own))) await unstage(heir);
    return false;
  }
  try {
    // None but the heir may change a stale lock, so that what is still there now stays until the rename.
    if ((await readHolder(file))?.id === before.id) await ifThere(fs.rename(heir, file));
    return (await readHolder(file))?.id === (await readHolder(own))?.id;
  } finally {
    await unstage(heir);
  }
}

/** Puts a lock where there is none; false where there is one. */
async function putLock(own: string, file: string): Promise<boolean> {
  const linked = await linkOnce(own, file);
  if (linked !== undefined) return linked;
  try {
    await fs.copyFile(own, file, fs.constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await ifThere(fs.readFile(file, 'utf8'));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return { host: '', pid: 0, began: '', id: 'unknown' };
  }
}

/** @param own a file that was made just now: its time is the file server's. */
async function isStale(file: string, holder: Owner, own: string): Promise<boolean> {
  const ended = hasEnded(holder);
  if (ended !== undefined) return ended;
  const [touched, now] = await Promise.all([ifThere(fs.stat(file)), ifThere(fs.stat(own))]);
  return touched !== undefined && now !== undefined && now.mtimeMs - touched.mtimeMs > staleAfterMs;
}

async function isHeld({ file, holder }: Held): Promise<boolean> {
  return (await readHolder(file))?.id === holder.id;
}

async function checkHeld(held: Held, key: string): Promise<void> {
  if (await isHeld(held)) return;
  throw new ArtifactError('conflict', `${key} was taken over by another process while this one stood still`);
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  await fs.utimes(file, now, now).catch(() => {});
}

async function waitedTooLong(key: string, file: string): Promise<ArtifactError> {
  const holder = await readHolder(file);
  const who = holder === undefined ? 'others' : `process ${holder.pid} on ${holder.host.split('~')[0]}`;
  return new ArtifactError(
    'unavailable',
    `${key} is being written by ${who} for over ${longestWaitMs / 1000} s: if that hangs, end it, or delete ${file}`,
  );
}

import fs from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { checkCancelled } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import { syncFolder } from '../../syncFolder.ts';
import { metaEnding } from '../keys.ts';
import type { Metadata } from '../metadata.ts';
import type { CallOptions, CreateOptions, ObjectInfo } from '../store.ts';
import { ifThere, isGone } from './failures.ts';
import { linkOnce } from './linkOnce.ts';
import { withLock } from './lock.ts';
import { isTaken, objectInfo, openObject, readBytes, smallBytes, textTag } from './objects.ts';
import { findPlace, makePlace, pruneFolders } from './places.ts';
import { type Staged, stage, unstage } from './staging.ts';

// An object never changes, and its file says so; a text is swapped, by yodeploy too.
const objectMode = 0o444;
const textMode = 0o666;

type CopyOptions = CallOptions & { metadata?: Metadata | undefined };

/** Makes an object: written aside first, seen once it is whole and on the disk. */
export async function createObject(
  root: string,
  key: string,
  body: Readable,
  { size, metadata = {}, signal }: CreateOptions,
): Promise<ObjectInfo> {
  const staged = await stageNew(root, key, body, { size, signal });
  const put = async (place: string) => {
    const linked = await linkOnce(staged.file, place);
    if (linked === undefined) await fs.rename(staged.file, place);
    return linked ?? true;
  };
  try {
    return await putInPlace(root, key, { put, metadata, signal });
  } finally {
    await unstage(staged.file);
  }
}

async function stageNew(
  root: string,
  key: string,
  body: Readable,
  options: { size: number | undefined; signal: AbortSignal | undefined },
): Promise<Staged> {
  try {
    // Told early: no need to send bytes for nothing.
    if ((await findPlace(root, key)) !== undefined) throw exists(root, key);
    return await stage(root, body, { mode: objectMode, ...options });
  } finally {
    body.destroy();
  }
}

/** Makes an object of the same bytes: a second name of the same file where it can be. */
export async function copyObject(
  root: string,
  from: string,
  to: string,
  { metadata, signal }: CopyOptions,
): Promise<void> {
  const opened = await openObject(root, from);
  if (opened === undefined) throw missing(root, from);
  const kept = { metadata: metadata ?? opened.head.metadata, signal };
  await opened.handle.close();
  // A text may be changed in its place by others, so it gets bytes of its own.
  if (opened.head.size > smallBytes && (await linkObject(root, from, to, kept))) return;
  const source = await openObject(root, from);
  if (source === undefined) throw missing(root, from);
  await createObject(root, to, readBytes(source, 0, signal), kept);
}

async function linkObject(
  root: string,
  from: string,
  to: string,
  kept: Omit<Placing, 'put'>,
): Promise<boolean> {
  const source = await findPlace(root, from);
  const put = async (place: string) => {
    if (source === undefined || !(await isTaken(source))) throw missing(root, from);
    return linkOnce(source, place);
  };
  return (await putInPlace(root, to, { ...kept, put })) !== undefined;
}

interface Placing {
  /** Gives the object its name, in one step; false where there is one, nothing where that cannot be. */
  put: (place: string) => Promise<boolean | undefined>;
  metadata: Metadata;
  signal: AbortSignal | undefined;
}

/** Puts metadata beside the place of an object, then the object: nobody sees one without the other. */
function putInPlace(
  root: string,
  key: string,
  placing: Placing & { put: (place: string) => Promise<boolean> },
): Promise<ObjectInfo>;
function putInPlace(root: string, key: string, placing: Placing): Promise<ObjectInfo | undefined>;
async function putInPlace(root: string, key: string, placing: Placing): Promise<ObjectInfo | undefined> {
  const { put, metadata, signal } = placing;
  const hasMetadata = Object.keys(metadata).length > 0;
  const meta = hasMetadata
    ? await stage(root, JSON.stringify(metadata), { mode: textMode, signal })
    : undefined;
  try {
    return await withLock(root, key, signal, (check) =>
      whereFoldersStay(async () => {
        const place = await makePlace(root, key);
        if (await isTaken(place)) throw exists(root, key);
        await check();
        checkCancelled(signal);
        await putMetadata(meta?.file, `${place}${metaEnding}`);
        const done = await put(place);
        if (done === false) throw exists(root, key);
        if (done === undefined) return undefined;
        await syncFolder(path.dirname(place));
        return objectInfo(place, key);
      }),
    );
  } finally {
    await unstage(meta?.file);
  }
}

/** Somebody who deletes may take a folder away, empty as it is, before something is put into it: then again. */
async function whereFoldersStay<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isGone(error) || attempt === 20) throw error;
    }
  }
}

/** What lies there is left of a writer or of a deletion that was killed, as there is no object. */
async function putMetadata(staged: string | undefined, place: string): Promise<void> {
  await fs.rm(place, { force: true });
  if (staged === undefined) return;
  if ((await linkOnce(staged, place)) === undefined) await fs.copyFile(staged, place);
  await syncFolder(path.dirname(place));
}

/** Writes a text in one step where what is there has the tag. */
export async function swapText(
  root: string,
  key: string,
  text: string,
  expected: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo> {
  if (Buffer.byteLength(text) > smallBytes) {
    throw new ArtifactError('invalid', `the text for ${key} is too long: ${smallBytes} bytes at the most`);
  }
  const staged = await stage(root, text, { mode: textMode, signal });
  try {
    return await withLock(root, key, signal, (check) =>
      whereFoldersStay(async () => {
        const place = await makePlace(root, key);
        await checkTag(root, key, expected);
        await check();
        checkCancelled(signal);
        await fs.rm(`${place}${metaEnding}`, { force: true });
        await fs.rename(staged.file, place);
        await syncFolder(path.dirname(place));
        const { mtimeMs } = await fs.stat(place);
        return { key, size: staged.size, modified: mtimeMs, tag: textTag(text) };
      }),
    );
  } finally {
    await unstage(staged.file);
  }
}

async function checkTag(root: string, key: string, expected: string | undefined): Promise<void> {
  const file = await findPlace(root, key);
  const now = file === undefined ? undefined : await objectInfo(file, key);
  if (now?.tag === expected) return;
  throw new ArtifactError('conflict', `${key} in ${root} is no longer what it was: somebody else was first`);
}

/** Takes an object and its metadata away, and the folders that are empty then. */
export async function deleteObject(
  root: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  checkCancelled(signal);
  const folder = await findPlace(root, path.posix.dirname(key));
  if (folder === undefined) return;
  const file = path.join(folder, path.posix.basename(key));
  const meta = `${file}${metaEnding}`;
  if (!(await isTaken(file)) && !(await isTaken(meta))) return;
  await withLock(root, key, signal, async (check) => {
    await check();
    // The object goes first: no reader sees it without its metadata.
    await ifThere(fs.unlink(file));
    await ifThere(fs.unlink(meta));
    await ifThere(syncFolder(folder));
    await pruneFolders(root, file);
  });
}

function missing(root: string, key: string): ArtifactError {
  return new ArtifactError('missing', `there is no ${key} in ${root}`);
}

function exists(root: string, key: string): ArtifactError {
  return new ArtifactError('exists', `there is ${key} in ${root} already: nothing was written`);
}

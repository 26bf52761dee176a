import fs from 'node:fs/promises';
import path from 'node:path';
import { checkCancelled, pause } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';
import { checkKey, checkPrefix } from './keys.ts';
import { copyObject, createObject, deleteObject, swapText } from './local/changes.ts';
import { errorCode, fileFailure } from './local/failures.ts';
import { listObjects } from './local/listing.ts';
import { openObject, readBytes } from './local/objects.ts';
import { sweepStaged } from './local/staging.ts';
import { checkMetadata } from './metadata.ts';
import type { CallOptions, ObjectPage, Store } from './store.ts';

/**
 * A store in a directory, safe for several processes at once, also over a network file system. Objects are files, with their
 * metadata as JSON in `KEY.meta` beside them, as yodeploy keeps them. The directory is made when something is written.
 */
export function localStore(directory: string): Store {
  const root = path.resolve(directory);
  const ready = firstWrite(root);
  return {
    url: root,
    async head(key, options) {
      checkKey(key);
      const opened = await reading(root, key, options?.signal, () => openObject(root, key));
      await opened?.handle.close();
      return opened?.head;
    },
    async get(key, { start = 0, signal } = {}) {
      checkKey(key);
      const opened = await reading(root, key, signal, () => openObject(root, key));
      if (opened === undefined) throw missing(root, key);
      if (start > opened.head.size) {
        await opened.handle.close();
        throw new ArtifactError(
          'invalid',
          `${key} has ${opened.head.size} bytes: it cannot be read from ${start} on`,
        );
      }
      return { head: opened.head, body: readBytes(opened, start, signal) };
    },
    async create(key, body, options = {}) {
      checkKey(key);
      checkMetadata(key, options.metadata ?? {});
      return writing(root, key, async () => {
        await ready();
        return createObject(root, key, body, options);
      });
    },
    async copy(from, to, options = {}) {
      for (const key of [from, to]) checkKey(key);
      checkMetadata(to, options.metadata ?? {});
      await writing(root, to, async () => {
        await ready();
        await copyObject(root, from, to, options);
      });
    },
    async swap(key, text, expected, options) {
      checkKey(key);
      return writing(root, key, async () => {
        await ready();
        return swapText(root, key, text, expected, options?.signal);
      });
    },
    list: (prefix, options) => list(root, prefix, options),
    async delete(key, options) {
      checkKey(key);
      await writing(root, key, () => deleteObject(root, key, options?.signal));
    },
  };
}

async function* list(
  root: string,
  prefix: string,
  options: CallOptions & { flat?: boolean | undefined } = {},
): AsyncGenerator<ObjectPage> {
  checkPrefix(prefix);
  const { flat = false, signal } = options;
  try {
    checkCancelled(signal);
    yield* listObjects(root, prefix, { flat, signal });
  } catch (error) {
    throw fileFailure(error, `listing ${path.join(root, prefix)}`);
  }
}

/** What killed writers left is swept once, before the first write. */
function firstWrite(root: string): () => Promise<void> {
  let swept: Promise<void> | undefined;
  return () => {
    swept ??= fs.mkdir(root, { recursive: true }).then(() => sweepStaged(root));
    return swept;
  };
}

function missing(root: string, key: string): ArtifactError {
  return new ArtifactError('missing', `there is no ${key} in ${root}`);
}

async function writing<T>(root: string, key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileFailure(error, `writing ${key} in ${root}`);
  }
}

const tries = 4;

/** Reads; tries again what a file server lost because the file was replaced meanwhile. */
async function reading<T>(
  root: string,
  key: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    checkCancelled(signal);
    try {
      return await work();
    } catch (error) {
      const passes = ['ESTALE', 'EAGAIN', 'EBUSY'].includes(errorCode(error) ?? '');
      if (!passes || attempt === tries) throw fileFailure(error, `reading ${key} in ${root}`);
      await pause(50 * 2 ** attempt, signal);
    }
  }
}

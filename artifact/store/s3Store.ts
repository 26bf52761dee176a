import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { checkCancelled } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';
import { checkKey, checkPrefix, isKey, isKeyPart } from './keys.ts';
import { checkMetadata } from './metadata.ts';
import { type Bucket, openBucket, type S3Options, s3Name, stoppedBy } from './s3/bucket.ts';
import { findConditions } from './s3/conditions.ts';
import { copyObject } from './s3/copy.ts';
import { getObject } from './s3/download.ts';
import { asking, isMissing, isPrecondition, isRaceLost } from './s3/failures.ts';
import { findHead, modifiedOf, sentMetadata, tagOf } from './s3/heads.ts';
import { createObject } from './s3/upload.ts';
import type { CallOptions, ObjectInfo, ObjectPage, Store } from './store.ts';

/**
 * A store in a bucket of Amazon S3 or of a server like it. Credentials are found as Amazon's tools find them. What the server
 * keeps to is tried out before the first write, on an object of its own (`.strata/probe`).
 */
export function s3Store(options: S3Options): Store {
  const bucket = openBucket(options, findConditions);
  return {
    url: bucket.url,
    async head(key, { signal } = {}) {
      checkKey(key);
      checkCancelled(signal);
      return (await findHead(bucket, key, signal))?.head;
    },
    async get(key, options = {}) {
      checkKey(key);
      checkCancelled(options.signal);
      return getObject(bucket, key, options);
    },
    async create(key, body, options = {}) {
      checkKey(key);
      checkMetadata(key, options.metadata ?? {});
      await writing(bucket, key, options.signal, () => createObject(bucket, key, body, options));
      return madeInfo(bucket, key, options.signal);
    },
    async copy(from, to, options = {}) {
      for (const key of [from, to]) checkKey(key);
      checkMetadata(to, options.metadata ?? {});
      await writing(bucket, to, options.signal, () => copyObject(bucket, from, to, options));
    },
    async swap(key, text, expected, options) {
      checkKey(key);
      return writing(bucket, key, options?.signal, () => swapText(bucket, key, text, expected, options));
    },
    list: (prefix, options) => list(bucket, prefix, options),
    async delete(key, { signal } = {}) {
      checkKey(key);
      const object = new DeleteObjectCommand(s3Name(bucket, key));
      await writing(bucket, key, signal, () => bucket.client.send(object, stoppedBy(signal)));
    },
  };
}

async function writing<T>(
  bucket: Bucket,
  key: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  checkCancelled(signal);
  return asking(bucket, `writing ${key}`, signal, work);
}

async function madeInfo(bucket: Bucket, key: string, signal: AbortSignal | undefined): Promise<ObjectInfo> {
  const found = await findHead(bucket, key, signal);
  if (found === undefined) {
    throw new ArtifactError('conflict', `${key} in ${bucket.url} was deleted as soon as it was written`);
  }
  const { metadata: _, ...info } = found.head;
  return info;
}

async function swapText(
  bucket: Bucket,
  key: string,
  text: string,
  expected: string | undefined,
  { signal }: CallOptions = {},
): Promise<ObjectInfo> {
  const { quoted } = await bucket.conditions(signal);
  const condition = expected === undefined ? { IfNoneMatch: '*' } : { IfMatch: quoted(expected) };
  const writer = randomUUID();
  const put = new PutObjectCommand({
    ...s3Name(bucket, key),
    ...condition,
    Body: text,
    ContentType: 'text/plain; charset=utf-8',
    Metadata: sentMetadata({}, writer),
  });
  try {
    const { ETag } = await bucket.client.send(put, stoppedBy(signal));
    return { key, size: Buffer.byteLength(text), modified: modifiedOf(new Date()), tag: tagOf(ETag) };
  } catch (error) {
    if (!isPrecondition(error) && !isRaceLost(error) && !isMissing(error)) throw error;
    const found = await findHead(bucket, key, signal);
    // What was sent again after its answer got lost meets what it wrote itself.
    if (found?.writer === writer) return found.head;
    throw new ArtifactError(
      'conflict',
      `${key} in ${bucket.url} is no longer what it was: somebody else was first`,
    );
  }
}

async function* list(
  bucket: Bucket,
  prefix: string,
  { flat = false, signal }: CallOptions & { flat?: boolean | undefined } = {},
): AsyncGenerator<ObjectPage> {
  checkPrefix(prefix);
  checkCancelled(signal);
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const { Bucket: name, Key } = s3Name(bucket, prefix);
    const request = {
      Bucket: name,
      Prefix: Key,
      ...(flat ? {} : { Delimiter: '/' }),
      ContinuationToken: token,
    };
    const answer = await asking(bucket, `listing ${prefix}`, signal, () =>
      bucket.client.send(new ListObjectsV2Command(request), stoppedBy(signal)),
    );
    const objects = (answer.Contents ?? []).map((one) => ({
      key: (one.Key ?? '').slice(bucket.prefix.length),
      size: one.Size ?? 0,
      modified: modifiedOf(one.LastModified),
      tag: tagOf(one.ETag),
    }));
    const folders = (answer.CommonPrefixes ?? []).map((one) => (one.Prefix ?? '').slice(Key.length, -1));
    yield { objects: objects.filter((one) => isKey(one.key)), folders: folders.filter(isKeyPart) };
    token = answer.NextContinuationToken;
  }
}

import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { ArtifactError } from '../../failure.ts';
import type { Metadata } from '../metadata.ts';
import type { CreateOptions } from '../store.ts';
import { type Bucket, s3Name, stoppedBy } from './bucket.ts';
import { chunksOf } from './chunks.ts';
import { findHead, sentMetadata } from './heads.ts';
import { exists, makeOnce } from './makeOnce.ts';

const partsAtOnce = 4;
const mostParts = 10_000;

/** Makes an object: in one request where it is small, else in parts that nobody sees before the last request. */
export async function createObject(
  bucket: Bucket,
  key: string,
  body: Readable,
  { size, metadata = {}, signal }: CreateOptions,
): Promise<void> {
  try {
    await bucket.conditions(signal);
    // Told early: no need to send bytes for nothing.
    if ((await findHead(bucket, key, signal)) !== undefined) throw exists(bucket, key);
    const parts = counted(chunksOf(body, partSizes(bucket, size), signal), size);
    const first = await parts.next();
    const writer = randomUUID();
    if (!first.done && first.value.length === partSizes(bucket, size)(0)) {
      await uploadParts(bucket, key, { writer, metadata, signal }, startingWith(first.value, parts));
    } else {
      // A part that is not full is the last; asking for the next one checks the size.
      await parts.next();
      await putWhole(bucket, key, { writer, metadata, signal }, first.done ? Buffer.alloc(0) : first.value);
    }
  } finally {
    body.destroy();
  }
}

/** Parts as small as can be, so that they can be sent again from memory; larger where there would be too many. */
function partSizes({ limits }: Bucket, size: number | undefined): (index: number) => number {
  if (size !== undefined) {
    const most = Math.max(limits.part, Math.ceil(size / mostParts));
    return () => most;
  }
  return (index) => limits.part * 2 ** Math.floor(index / 1000);
}

/** Refuses other than the announced bytes before the last of them is sent. */
async function* counted(parts: AsyncIterable<Buffer>, size: number | undefined): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const part of parts) {
    sent += part.length;
    if (size !== undefined && sent > size) throw wrongSize(`more than ${size}`, size);
    yield part;
  }
  if (size !== undefined && sent !== size) throw wrongSize(`${sent}`, size);
}

function wrongSize(came: string, size: number): ArtifactError {
  return new ArtifactError('refused', `${came} bytes came where ${size} were announced: nothing was kept`);
}

async function* startingWith<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

/** What goes with an object. */
interface Making {
  writer: string;
  metadata: Metadata;
  signal: AbortSignal | undefined;
}

async function putWhole(bucket: Bucket, key: string, making: Making, bytes: Buffer): Promise<void> {
  const { writer, metadata, signal } = making;
  await makeOnce(bucket, key, making, () =>
    bucket.client.send(
      new PutObjectCommand({
        ...s3Name(bucket, key),
        Body: bytes,
        ...checked(bucket, bytes),
        Metadata: sentMetadata(metadata, writer),
        IfNoneMatch: '*',
      }),
      stoppedBy(signal),
    ),
  );
}

async function uploadParts(
  bucket: Bucket,
  key: string,
  making: Making,
  chunks: AsyncIterable<Buffer>,
): Promise<void> {
  await inParts(bucket, key, making, async (upload, signal) => {
    const parts: CompletedPart[] = [];
    await forEachAtOnce(chunks, async (bytes, index) => {
      const PartNumber = index + 1;
      const part = { ...upload, PartNumber, Body: bytes, ...checked(bucket, bytes) };
      const { $metadata: _, ...sums } = await bucket.client.send(
        new UploadPartCommand(part),
        stoppedBy(signal),
      );
      parts[index] = { ...partSums(sums), PartNumber };
    });
    return parts;
  });
}

/** Which part of an upload a request is about. */
export type UploadName = { Bucket: string; Key: string; UploadId: string | undefined };

/** Makes an object of parts, once; nothing stays of it where the work fails. */
export async function inParts(
  bucket: Bucket,
  key: string,
  { writer, metadata, signal }: Making,
  send: (upload: UploadName, signal: AbortSignal | undefined) => Promise<CompletedPart[]>,
): Promise<void> {
  const object = s3Name(bucket, key);
  const sums = bucket.sendsMd5 ? {} : { ChecksumAlgorithm: 'CRC32' as const };
  const { UploadId } = await bucket.client.send(
    new CreateMultipartUploadCommand({ ...object, ...sums, Metadata: sentMetadata(metadata, writer) }),
    stoppedBy(signal),
  );
  const upload = { ...object, UploadId };
  try {
    const Parts = await send(upload, signal);
    const complete = { ...upload, MultipartUpload: { Parts }, IfNoneMatch: '*' };
    await makeOnce(bucket, key, { writer, signal }, () =>
      bucket.client.send(new CompleteMultipartUploadCommand(complete), stoppedBy(signal)),
    );
  } catch (error) {
    // Parts that stay would be paid for, unseen.
    await bucket.client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
    throw error;
  }
}

/** What a server says of a part, as it has to be said to it in the end. */
function partSums(sums: Omit<CompletedPart, 'PartNumber'>): CompletedPart {
  const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256, ChecksumCRC64NVME } = sums;
  const all = { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256, ChecksumCRC64NVME };
  return Object.fromEntries(Object.entries(all).filter(([, sum]) => sum !== undefined));
}

/** What lets the server find bytes that were altered on the way. */
function checked(bucket: Bucket, bytes: Buffer): { ContentLength: number; ContentMD5?: string } {
  const md5 = () => createHash('md5').update(bytes).digest('base64');
  return { ContentLength: bytes.length, ...(bucket.sendsMd5 ? { ContentMD5: md5() } : {}) };
}

/** Does some work on each, a few at once; ends with the first failure, when none is under way any more. */
async function forEachAtOnce<T>(
  items: AsyncIterable<T>,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let index = 0;
  try {
    for await (const item of items) {
      const one = work(item, index++).finally(() => running.delete(one));
      running.add(one);
      one.catch(() => {});
      if (running.size >= partsAtOnce) await Promise.race(running);
    }
    await Promise.all(running);
  } finally {
    await Promise.allSettled(running);
  }
}

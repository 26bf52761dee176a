import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { asMetadata, decoded, encoded, type Metadata } from '../metadata.ts';
import type { ObjectHead } from '../store.ts';
import { type Bucket, s3Name, stoppedBy } from './bucket.ts';
import { asking, isMissing } from './failures.ts';

// Tells the writer whose answer got lost that it was its own request that made the object.
const writerKey = 'strata_writer';

/** What the client gives of an object. */
interface Answer {
  ContentLength?: number | undefined;
  LastModified?: Date | undefined;
  ETag?: string | undefined;
  Metadata?: Record<string, string> | undefined;
}

/** The head of an object, and who wrote it; nothing where there is none. */
export async function findHead(
  bucket: Bucket,
  key: string,
  signal?: AbortSignal,
): Promise<{ head: ObjectHead; writer: string | undefined } | undefined> {
  return asking(bucket, `looking at ${key}`, signal, async () => {
    const answer = await sendHead(bucket, key, signal);
    return answer && { head: headOf(key, answer), writer: writerOf(answer) };
  });
}

async function sendHead(bucket: Bucket, key: string, signal?: AbortSignal): Promise<Answer | undefined> {
  try {
    return await bucket.client.send(new HeadObjectCommand(s3Name(bucket, key)), stoppedBy(signal));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The head that an answer tells of. */
export function headOf(key: string, answer: Answer): ObjectHead {
  const { [writerKey]: _, ...metadata } = metadataOf(answer);
  return {
    key,
    size: answer.ContentLength ?? 0,
    modified: modifiedOf(answer.LastModified),
    tag: tagOf(answer.ETag),
    metadata,
  };
}

function writerOf(answer: Answer): string | undefined {
  return metadataOf(answer)[writerKey];
}

function metadataOf({ Metadata = {} }: Answer): Metadata {
  return asMetadata(
    Object.fromEntries(Object.entries(Metadata).map(([key, value]) => [key, decoded(value)])),
  );
}

/** Metadata as it is sent, with who writes it. */
export function sentMetadata(metadata: Metadata, writer: string): Metadata {
  const entries = Object.entries({ ...metadata, [writerKey]: writer });
  return Object.fromEntries(entries.map(([key, value]) => [key, encoded(value)]));
}

/** A tag without the quotes that HTTP has around it. */
export function tagOf(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

/** In whole seconds: more is told in lists, but not in heads. */
export function modifiedOf(date: Date | undefined): number {
  return Math.floor((date?.getTime() ?? 0) / 1000) * 1000;
}

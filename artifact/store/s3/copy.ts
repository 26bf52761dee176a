import { randomUUID } from 'node:crypto';
import { type CompletedPart, CopyObjectCommand, UploadPartCopyCommand } from '@aws-sdk/client-s3';
import { ArtifactError } from '../../failure.ts';
import type { Metadata } from '../metadata.ts';
import type { CallOptions, ObjectHead } from '../store.ts';
import { type Bucket, s3Name, stoppedBy } from './bucket.ts';
import { findHead, sentMetadata } from './heads.ts';
import { exists, makeOnce } from './makeOnce.ts';
import { inParts } from './upload.ts';

/** Makes an object of the same bytes, which the server copies; those that are large in parts. */
export async function copyObject(
  bucket: Bucket,
  from: string,
  to: string,
  { metadata, signal }: CallOptions & { metadata?: Metadata | undefined },
): Promise<void> {
  const source = await findHead(bucket, from, signal);
  if (source === undefined) throw new ArtifactError('missing', `there is no ${from} in ${bucket.url}`);
  await bucket.conditions(signal);
  if ((await findHead(bucket, to, signal)) !== undefined) throw exists(bucket, to);
  const { head } = source;
  const making = { writer: randomUUID(), metadata: metadata ?? head.metadata, signal };
  const { quoted } = await bucket.conditions(signal);
  const of = { CopySource: sourceName(bucket, from), CopySourceIfMatch: quoted(head.tag) };
  if (head.size > bucket.limits.copy) await copyParts(bucket, head, to, of, making);
  else await copyWhole(bucket, to, of, making);
}

interface Source {
  CopySource: string;
  CopySourceIfMatch: string;
}

type Making = Parameters<typeof inParts>[2];

async function copyWhole(bucket: Bucket, to: string, source: Source, making: Making): Promise<void> {
  const { writer, metadata, signal } = making;
  const sent = { MetadataDirective: 'REPLACE' as const, Metadata: sentMetadata(metadata, writer) };
  const copy = { ...s3Name(bucket, to), ...source, ...sent, IfNoneMatch: '*' };
  await makeOnce(bucket, to, making, () =>
    bucket.client.send(new CopyObjectCommand(copy), stoppedBy(signal)),
  );
}

async function copyParts(
  bucket: Bucket,
  { size }: ObjectHead,
  to: string,
  source: Source,
  making: Making,
): Promise<void> {
  await inParts(bucket, to, making, async (upload, signal) => {
    const parts: CompletedPart[] = [];
    for (let start = 0; start < size; start += bucket.limits.copy) {
      const end = Math.min(start + bucket.limits.copy, size) - 1;
      const PartNumber = parts.length + 1;
      const copy = { ...upload, ...source, PartNumber, CopySourceRange: `bytes=${start}-${end}` };
      const { CopyPartResult: done } = await bucket.client.send(
        new UploadPartCopyCommand(copy),
        stoppedBy(signal),
      );
      const { LastModified: _, ...sums } = done ?? {};
      parts.push({ ...sums, PartNumber });
    }
    return parts;
  });
}

function sourceName(bucket: Bucket, key: string): string {
  const { Bucket: name, Key } = s3Name(bucket, key);
  return `${name}/${Key}`.split('/').map(encodeURIComponent).join('/');
}

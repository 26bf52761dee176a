import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { ArtifactError } from '../../failure.ts';
import { workFolder } from '../keys.ts';
import { type Bucket, s3Name } from './bucket.ts';
import { asking, isPrecondition, isRaceLost, statusOf } from './failures.ts';

/** Which conditions a server keeps to. */
export interface Conditions {
  /** Whether it also makes copies and uploads in parts only where nothing is; otherwise claims are needed. */
  isAtomic: boolean;
  /** How it wants a tag in `If-Match`. */
  quoted: (tag: string) => string;
}

const text = 'What the server keeps to is tried out with this object.\n';
// Its bytes never change, and so neither does its tag.
const probe = `${workFolder}/probe`;
const copied = `${workFolder}/probe_copy`;
const uploaded = `${workFolder}/probe_parts`;

/** Tries out which conditions the server keeps to, on an object of its own that stays; `unavailable` where it ignores those of `put`. */
export async function findConditions(bucket: Bucket): Promise<Conditions> {
  return asking(bucket, 'finding out what the server keeps to', undefined, async () => {
    await checkCreation(bucket);
    const [quoted, copies, uploads] = await Promise.all([
      findQuotes(bucket),
      copiesOnce(bucket),
      uploadsOnce(bucket),
    ]);
    return { isAtomic: copies && uploads, quoted };
  });
}

async function checkCreation(bucket: Bucket): Promise<void> {
  if (!(await isMadeOnce(() => put(bucket, { IfNoneMatch: '*' })))) throw ignores(bucket, 'If-None-Match');
}

/** The first time ever the object is made; then it has to be refused. */
async function isMadeOnce(
  make: () => Promise<unknown>,
  isIgnored?: (error: unknown) => boolean,
): Promise<boolean> {
  return (await isKept(make(), isIgnored)) || (await isKept(make(), isIgnored));
}

async function findQuotes(bucket: Bucket): Promise<Conditions['quoted']> {
  if (!(await isKept(put(bucket, { IfMatch: '"00000000000000000000000000000000"' })))) {
    throw ignores(bucket, 'If-Match');
  }
  const { ETag = '' } = await put(bucket, {});
  const plain = ETag.replaceAll('"', '');
  for (const quoted of [(tag: string) => `"${tag}"`, (tag: string) => tag]) {
    if (!(await isKept(put(bucket, { IfMatch: quoted(plain) })))) return quoted;
  }
  throw new ArtifactError('unavailable', `${bucket.url}: the server refuses an \`If-Match\` that is right`);
}

function put(
  bucket: Bucket,
  condition: { IfNoneMatch?: string; IfMatch?: string },
): Promise<{ ETag?: string | undefined }> {
  return bucket.client.send(new PutObjectCommand({ ...s3Name(bucket, probe), Body: text, ...condition }));
}

function copiesOnce(bucket: Bucket): Promise<boolean> {
  const { Bucket: name, Key } = s3Name(bucket, probe);
  const copy = { ...s3Name(bucket, copied), CopySource: `${name}/${Key}`, IfNoneMatch: '*' };
  return isMadeOnce(() => bucket.client.send(new CopyObjectCommand(copy)), isUnknown);
}

function uploadsOnce(bucket: Bucket): Promise<boolean> {
  return isMadeOnce(() => uploadOnePart(bucket), isUnknown);
}

async function uploadOnePart(bucket: Bucket): Promise<void> {
  const object = s3Name(bucket, uploaded);
  const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand(object));
  const upload = { ...object, UploadId };
  try {
    const part = { ...upload, PartNumber: 1, Body: text };
    const { ETag } = await bucket.client.send(new UploadPartCommand(part));
    const complete = { ...upload, MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] }, IfNoneMatch: '*' };
    await bucket.client.send(new CompleteMultipartUploadCommand(complete));
  } catch (error) {
    await bucket.client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
    throw error;
  }
}

/** A server that does not know the condition there may refuse the whole request. */
function isUnknown(error: unknown): boolean {
  return [400, 501].includes(statusOf(error) ?? 0);
}

/** Whether a request was refused for its condition. */
async function isKept(request: Promise<unknown>, isIgnored = (_: unknown) => false): Promise<boolean> {
  try {
    await request;
    return false;
  } catch (error) {
    if (isPrecondition(error) || isRaceLost(error)) return true;
    if (isIgnored(error)) return false;
    throw error;
  }
}

function ignores(bucket: Bucket, header: string): ArtifactError {
  return new ArtifactError(
    'unavailable',
    `${bucket.url}: the server ignores \`${header}\`, so that two who write at once would not notice each other. ` +
      'Ceph does so in buckets with versioning: turn it off for this one, or use another bucket or server',
  );
}

import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { ArtifactError } from '../../failure.ts';
import { resumed } from '../resumed.ts';
import type { ObjectHead } from '../store.ts';
import { type Bucket, s3Name, stoppedBy } from './bucket.ts';
import { asking, isMissing, isPrecondition, statusOf } from './failures.ts';
import { findHead, headOf } from './heads.ts';

/** An object's bytes from an offset on. */
export async function getObject(
  bucket: Bucket,
  key: string,
  { start = 0, signal }: { start?: number | undefined; signal?: AbortSignal | undefined },
): Promise<{ head: ObjectHead; body: Readable }> {
  if (start > 0) return getRange(bucket, key, start, signal);
  const answer = await request(bucket, key, {}, signal);
  return opened(bucket, headOf(key, answer), { start: 0, signal }, bodyOf(answer));
}

/** From an offset on; asking for what lies behind the end is refused by S3, so the size comes first. */
async function getRange(
  bucket: Bucket,
  key: string,
  start: number,
  signal: AbortSignal | undefined,
): Promise<{ head: ObjectHead; body: Readable }> {
  const found = await findHead(bucket, key, signal);
  if (found === undefined) throw missing(bucket, key);
  const { head } = found;
  if (start > head.size) {
    throw new ArtifactError('invalid', `${key} has ${head.size} bytes: it cannot be read from ${start} on`);
  }
  const rest = start === head.size ? Readable.from([]) : await requestFrom(bucket, head, start, signal);
  return opened(bucket, head, { start, signal }, rest);
}

function opened(
  bucket: Bucket,
  head: ObjectHead,
  { start, signal }: { start: number; signal: AbortSignal | undefined },
  body: Readable,
): { head: ObjectHead; body: Readable } {
  const again = (at: number) => requestFrom(bucket, head, at, signal);
  return { head, body: resumed({ head, start, body, again, signal, idleMs: bucket.idleMs }) };
}

async function requestFrom(
  bucket: Bucket,
  head: ObjectHead,
  start: number,
  signal: AbortSignal | undefined,
): Promise<Readable> {
  const range = { Range: `bytes=${start}-`, IfMatch: `"${head.tag}"` };
  return bodyOf(await request(bucket, head.key, range, signal));
}

async function request(
  bucket: Bucket,
  key: string,
  range: { Range?: string; IfMatch?: string },
  signal: AbortSignal | undefined,
): Promise<GetObjectCommandOutput> {
  return asking(bucket, `reading ${key}`, signal, async () => {
    try {
      const get = new GetObjectCommand({ ...s3Name(bucket, key), ...range });
      return await bucket.client.send(get, stoppedBy(signal));
    } catch (error) {
      if (isMissing(error)) throw missing(bucket, key);
      if (!isPrecondition(error) && statusOf(error) !== 416) throw error;
      throw new ArtifactError('conflict', `${key} in ${bucket.url} was replaced while it was read`, error);
    }
  });
}

// Under Node the body is a stream of it.
function bodyOf({ Body }: GetObjectCommandOutput): Readable {
  return Body === undefined ? Readable.from([]) : (Body as Readable);
}

function missing({ url }: Bucket, key: string): ArtifactError {
  return new ArtifactError('missing', `there is no ${key} in ${url}`);
}

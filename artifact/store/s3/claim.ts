import { createHash, randomUUID } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { pause } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import { workFolder } from '../keys.ts';
import { hasEnded, type Owner, thisOwner } from '../owner.ts';
import { type Bucket, s3Name, stoppedBy } from './bucket.ts';
import { isMissing, isPrecondition, isRaceLost } from './failures.ts';
import { tagOf } from './heads.ts';

/** A claim that somebody has. */
interface Claim {
  owner: Owner & { id: string };
  tag: string;
  since: number;
}

const leaseMs = 15 * 60_000;
const longestWaitMs = 2 * 60_000;

/**
 * Does some work on a key while nobody else does who asks for a claim, too: for servers that keep to conditions only where
 * an object is put in one request. A claim is an object of its own. That of a killed process is taken over, at once on
 * this machine and after a quarter of an hour on another.
 */
export async function withClaim<T>(
  bucket: Bucket,
  key: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const object = s3Name(bucket, `${workFolder}/claim_${hash}`);
  const begin = performance.now();
  await acquire(bucket, key, object, signal);
  try {
    return await work();
  } finally {
    // After that time it may be another's.
    if (performance.now() - begin < leaseMs / 2) {
      await bucket.client.send(new DeleteObjectCommand(object)).catch(() => {});
    }
  }
}

type ObjectName = { Bucket: string; Key: string };

async function acquire(
  bucket: Bucket,
  key: string,
  object: ObjectName,
  signal: AbortSignal | undefined,
): Promise<void> {
  const own = { ...thisOwner(), id: randomUUID() };
  const begin = performance.now();
  for (let wait = 20; ; wait = Math.min(wait * 2, 1000)) {
    if (await tryToClaim(bucket, object, own, undefined, signal)) return;
    const before = await readClaim(bucket, object, signal);
    // A request whose answer got lost may have been done.
    if (before?.owner.id === own.id) return;
    if (before !== undefined && isStale(before) && (await tryToClaim(bucket, object, own, before, signal)))
      return;
    if (performance.now() - begin > longestWaitMs) throw waitedTooLong(bucket, key, before);
    await pause(wait * (0.5 + Math.random()), signal);
  }
}

async function tryToClaim(
  bucket: Bucket,
  object: ObjectName,
  own: Claim['owner'],
  before: Claim | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { quoted } = await bucket.conditions(signal);
  const condition = before === undefined ? { IfNoneMatch: '*' } : { IfMatch: quoted(before.tag) };
  const put = new PutObjectCommand({ ...object, ...condition, Body: JSON.stringify(own) });
  try {
    await bucket.client.send(put, stoppedBy(signal));
    return true;
  } catch (error) {
    if (isPrecondition(error) || isRaceLost(error) || isMissing(error)) return false;
    throw error;
  }
}

async function readClaim(
  bucket: Bucket,
  object: ObjectName,
  signal: AbortSignal | undefined,
): Promise<Claim | undefined> {
  try {
    const { Body, ETag, LastModified } = await bucket.client.send(
      new GetObjectCommand(object),
      stoppedBy(signal),
    );
    const owner = JSON.parse((await Body?.transformToString()) ?? '{}');
    return { owner, tag: tagOf(ETag), since: LastModified?.getTime() ?? 0 };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isStale({ owner, since }: Claim): boolean {
  return hasEnded(owner) ?? Date.now() - since > leaseMs;
}

function waitedTooLong({ url }: Bucket, key: string, claim: Claim | undefined): ArtifactError {
  const who = claim ? `process ${claim.owner.pid} on ${claim.owner.host.split('~')[0]}` : 'others';
  return new ArtifactError('unavailable', `${key} in ${url} is being written by ${who}: try again later`);
}

import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Store } from '../../artifact/store/s3Store.ts';
import type { Store } from '../../artifact/store/store.ts';

/** Where the tests' S3 server is; the set-up of the tests started it. */
export const endpoint: string = process.env.STRATA_TEST_S3 ?? '';

/** Amazon's own client, for what a store does not do. */
export const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });

/** Makes a bucket and gives its name. */
export async function newBucket({ versions = false } = {}): Promise<string> {
  const Bucket = `test-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  if (versions) {
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  return Bucket;
}

/** The smallest parts that S3 takes, so that tests need not move much. */
export const part = 5 * 2 ** 20;

/** A store in a bucket, with small parts. */
export function storeIn(bucket: string, options: { at?: string; idleMs?: number } = {}): Store {
  return s3Store({
    bucket,
    prefix: 'in/here/',
    endpoint: options.at ?? endpoint,
    checksums: 'when-required',
    idleMs: options.idleMs,
    limits: { part, copy: part + 1 },
  });
}

/** Its address, for other processes. */
export function addressOf(bucket: string): string {
  return `s3://${bucket}/in/here?${new URLSearchParams({ endpoint, checksums: 'when-required' })}`;
}

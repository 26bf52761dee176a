// Amazon's client as somebody would use it who writes a script.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const PUTS_AT_ONCE = 24;

function clientOf(/** @type {string} */ endpoint) {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

/**
 * Puts a file into a bucket and fetches it into another one; its SHA-256 is taken before, and compared with that of what comes.
 * @param {string} endpoint
 * @param {string} Bucket
 * @param {string} file
 * @param {string} Key
 * @param {string} copy
 */
export async function throughBucket(endpoint, Bucket, file, Key, copy) {
  const client = clientOf(endpoint);
  const before = createHash('sha256');
  await pipeline(createReadStream(file), before);
  const sha256 = before.digest('hex');
  const Body = createReadStream(file);
  const Metadata = { sha256 };
  await client.send(
    new PutObjectCommand({ Bucket, Key, Body, ContentLength: statSync(file).size, Metadata }),
  );
  const { Body: body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  const after = createHash('sha256');
  const tap = new PassThrough().on('data', (bytes) => after.update(bytes));
  await pipeline(/** @type {import('node:stream').Readable} */ (body), tap, createWriteStream(copy));
  if (after.digest('hex') !== sha256) throw new Error('other bytes came back');
}

/**
 * Puts many small objects into a bucket: `PREFIX1`, `PREFIX2`, ...
 * @param {string} endpoint
 * @param {string} Bucket
 * @param {string} prefix
 * @param {number} count
 */
export async function fillBucket(endpoint, Bucket, prefix, count) {
  const client = clientOf(endpoint);
  let next = 1;
  const worker = async () => {
    for (let mine = next++; mine <= count; mine = next++) {
      await client.send(new PutObjectCommand({ Bucket, Key: `${prefix}${mine}`, Body: `version ${mine}` }));
    }
  };
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, worker));
}

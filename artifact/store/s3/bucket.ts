import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { Conditions } from './conditions.ts';

/** How to reach a bucket; what is left out comes from the environment and from AWS's own settings files. */
export interface S3Options {
  bucket: string;
  /** What all keys begin with: a folder with `/` at its end, or empty. */
  prefix: string;
  region?: string | undefined;
  /** The address of a server that is not Amazon's. */
  endpoint?: string | undefined;
  /** Whether the bucket is the first part of the path; where it is left out: with an endpoint of its own. */
  forcePathStyle?: boolean | undefined;
  /** `when-required` for servers that do not know the checksums that Amazon's client sends by itself. */
  checksums?: 'when-supported' | 'when-required' | undefined;
  /** How long a connection may stand still, in milliseconds. */
  idleMs?: number | undefined;
  limits?: Partial<Limits> | undefined;
}

/** Where an object is moved in parts, in bytes. */
export interface Limits {
  /** A part of an upload; S3 wants five million at the least. */
  part: number;
  /** What is copied in one request, and a part of what is not. */
  copy: number;
}

/** A bucket that is open. */
export interface Bucket {
  client: S3Client;
  name: string;
  prefix: string;
  url: string;
  /** Whether bytes go with their MD5: where no other checksum goes with them. */
  sendsMd5: boolean;
  limits: Limits;
  idleMs: number;
  /** What the server keeps to; found out once. `unavailable` where it cannot keep to enough. */
  conditions: (signal: AbortSignal | undefined) => Promise<Conditions>;
}

const idleMs = 30_000;
const connectMs = 10_000;
const limits: Limits = { part: 8 * 2 ** 20, copy: 2 ** 30 };

/** The bucket's connection; nothing is sent yet. */
export function openBucket(options: S3Options, find: (bucket: Bucket) => Promise<Conditions>): Bucket {
  const { bucket: name, prefix } = options;
  let found: Promise<Conditions> | undefined;
  const bucket: Bucket = {
    client: clientOf(options),
    name,
    prefix,
    url: `s3://${name}/${prefix}`,
    sendsMd5: options.checksums === 'when-required',
    limits: { ...limits, ...options.limits },
    idleMs: options.idleMs ?? idleMs,
    conditions() {
      found ??= find(bucket).catch((error) => {
        found = undefined;
        throw error;
      });
      return found;
    },
  };
  return bucket;
}

function clientOf(options: S3Options): S3Client {
  const client = new S3Client(clientConfig(options));
  // A part goes with a checksum that is signed: to hash its bytes once more for the signature costs as long as to send them.
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const { request } = args as { request?: { headers?: Record<string, string> } };
        if (commandName === 'UploadPartCommand' && request?.headers !== undefined)
          request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
        return next(args);
      },
    { step: 'build', name: 'unsignedParts' },
  );
  return client;
}

function clientConfig(options: S3Options): S3ClientConfig {
  const { region, endpoint } = options;
  const isOther = endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const { forcePathStyle = isOther !== undefined } = options;
  const checksums = options.checksums === 'when-required' ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED';
  const idle = options.idleMs ?? idleMs;
  return {
    // Other servers mostly do not care, and the client insists.
    ...(region || endpoint ? { region: region ?? process.env.AWS_REGION ?? 'us-east-1' } : {}),
    ...(endpoint ? { endpoint } : {}),
    forcePathStyle,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: Math.min(connectMs, idle),
      requestTimeout: idle,
      socketTimeout: idle,
      throwOnRequestTimeout: true,
    },
  };
}

/** What S3 calls an object. */
export function s3Name({ name, prefix }: Bucket, key: string): { Bucket: string; Key: string } {
  return { Bucket: name, Key: `${prefix}${key}` };
}

/** What a request takes, so that it ends when the caller asks to stop. */
export function stoppedBy(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

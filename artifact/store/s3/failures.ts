import { cancelled } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import type { Bucket } from './bucket.ts';

/** Does some work with the bucket; what goes wrong is told for a person. */
export async function asking<T>(
  bucket: Bucket,
  doing: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw s3Failure(bucket, error, doing, signal);
  }
}

/** What a server, or the way to it, refused, told for a person; everything else stays as it is. */
export function s3Failure(
  bucket: Bucket,
  error: unknown,
  doing: string,
  signal: AbortSignal | undefined,
): unknown {
  if (error instanceof ArtifactError) return error;
  if (signal?.aborted) return cancelled(signal);
  const reason = reasonOf(bucket, error);
  return reason === undefined
    ? error
    : new ArtifactError('unavailable', `${doing} in ${bucket.url}: ${reason}`, error);
}

/** The status of the server's answer. */
export function statusOf(error: unknown): number | undefined {
  return answerOf(error).httpStatusCode;
}

/** Whether the server says that what is there is not what was asked for: another was first. */
export function isPrecondition(error: unknown): boolean {
  return statusOf(error) === 412 || nameOf(error) === 'PreconditionFailed';
}

/** Whether two changes met, so that the server did neither. */
export function isRaceLost(error: unknown): boolean {
  return statusOf(error) === 409;
}

/** Whether there is no such object. */
export function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes(nameOf(error));
}

/** What the client or the server calls the error. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

const byName: Record<string, string> = {
  NoSuchBucket: 'there is no such bucket: make it, or correct the name',
  CredentialsProviderError:
    'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
  InvalidAccessKeyId: 'the server does not know the access key',
  SignatureDoesNotMatch: 'the server does not accept the secret key',
  RequestTimeTooSkewed: "this machine's clock is wrong, and the server refuses it",
  ExpiredToken: 'the credentials have expired: get new ones',
  QuotaExceeded: 'the quota of the bucket is used up',
  EntityTooLarge: 'the object is too large for this server',
};

const checksumAdvice =
  'it may not know the checksums that were sent: try `checksums=when-required` in the address of the store';

const byStatus: Record<number, string> = {
  301: 'the bucket is in another region: name it with `region=` in the address of the store',
  400: `the server did not understand the request; ${checksumAdvice}`,
  403: 'the server refuses: check the credentials, and what the policy of the bucket allows them',
  411: `the server refuses: ${checksumAdvice}`,
  501: `the server cannot do that: ${checksumAdvice}`,
  507: 'the server has no room left',
};

function reasonOf(bucket: Bucket, error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { httpStatusCode: status, attempts } = answerOf(error);
  const tries = attempts === undefined || attempts < 2 ? '' : `, after ${attempts} tries`;
  const told = byName[error.name] ?? (status === undefined ? undefined : byStatus[status]);
  if (told !== undefined) return `${told} (${error.name})`;
  if (status !== undefined && status >= 300) return `the server answered ${status} ${error.name}${tries}`;
  if (nameOf(error) === 'TimeoutError') return `the server did not answer in time${tries}`;
  // A mistake of our own has no code and no answer.
  const code = 'code' in error ? error.code : undefined;
  if (code === undefined && !('$metadata' in error)) return undefined;
  return `no connection to ${addressOf(bucket)} (${code ?? error.message})${tries}`;
}

function addressOf({ client }: Bucket): string {
  return client.config.isCustomEndpoint ? 'the server' : 'Amazon S3';
}

function answerOf(error: unknown): { httpStatusCode?: number; attempts?: number } {
  if (!(error instanceof Error) || !('$metadata' in error)) return {};
  return typeof error.$metadata === 'object' && error.$metadata !== null ? error.$metadata : {};
}

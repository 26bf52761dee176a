import { pause } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import type { Bucket } from './bucket.ts';
import { withClaim } from './claim.ts';
import { isPrecondition, isRaceLost } from './failures.ts';
import { findHead } from './heads.ts';

/** Makes an object, once: at the server's own word where it keeps to all conditions, else under a claim. */
export async function makeOnce(
  bucket: Bucket,
  key: string,
  { writer, signal }: { writer: string; signal: AbortSignal | undefined },
  put: () => Promise<unknown>,
): Promise<void> {
  const { isAtomic } = await bucket.conditions(signal);
  if (isAtomic) return putOnce(bucket, key, { writer, signal }, put);
  await withClaim(bucket, key, signal, async () => {
    if ((await findHead(bucket, key, signal)) !== undefined) throw exists(bucket, key);
    await putOnce(bucket, key, { writer, signal }, put);
  });
}

const conflictTries = 5;

async function putOnce(
  bucket: Bucket,
  key: string,
  { writer, signal }: { writer: string; signal: AbortSignal | undefined },
  put: () => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const error = await errorOf(put);
    if (error === undefined) return;
    if (signal?.aborted) throw error;
    // What was sent again after its answer got lost meets what it made itself.
    const found = await findHead(bucket, key, signal);
    if (found !== undefined && found.writer === writer) return;
    if (found !== undefined || isPrecondition(error)) throw exists(bucket, key);
    if (!isRaceLost(error) || attempt === conflictTries) throw error;
    await pause(100 * 2 ** attempt, signal);
  }
}

async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What is said where an object is there already. */
export function exists({ url }: Bucket, key: string): ArtifactError {
  return new ArtifactError('exists', `there is ${key} in ${url} already: nothing was written`);
}

import { ArtifactError } from './failure.ts';

/** Throws `cancelled` where the caller asked to stop. */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ArtifactError('cancelled', 'the work was cancelled', signal.reason);
}

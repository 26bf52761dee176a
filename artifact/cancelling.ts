import { setTimeout as wait } from 'node:timers/promises';
import { ArtifactError } from './failure.ts';

/** Ends the work where the caller asked to stop; `cancelled`. */
export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

/** The error of work that the caller asked to stop. */
export function cancelled(signal: AbortSignal): ArtifactError {
  return new ArtifactError('cancelled', 'cancelled', signal.reason);
}

/** Waits some milliseconds, less where the caller asks to stop; `cancelled`. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  checkCancelled(signal);
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    checkCancelled(signal);
    throw error;
  }
}

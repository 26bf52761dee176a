import { ArtifactError } from '../../artifact/failure.ts';
import { AgentError, type AgentFailure } from '../failure.ts';

const fromArtifacts: Record<ArtifactError['code'], AgentFailure> = {
  invalid: 'invalid',
  missing: 'missing',
  exists: 'unavailable',
  conflict: 'unavailable',
  refused: 'refused',
  unavailable: 'unavailable',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** An error as the agent tells it; `what` could not be done. */
export function agentFailure(what: string, error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  if (hasCode(error, ['ENOSPC', 'EDQUOT'])) {
    return new AgentError('full', `${what}: the disk is full: make room and try again`, { cause: error });
  }
  if (error instanceof ArtifactError) {
    return new AgentError(fromArtifacts[error.code], error.message, { cause: error });
  }
  return new AgentError('unavailable', `${what}: ${(error as Error).message}`, { cause: error });
}

/** Whether the system gave one of the codes, to the error or to what caused it. */
function hasCode(error: unknown, codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  return codes.includes((error as NodeJS.ErrnoException).code ?? '') || hasCode(error.cause, codes);
}

/** Throws `cancelled` where somebody asked to stop. */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AgentError('cancelled', 'the work was cancelled', { cause: signal.reason });
}

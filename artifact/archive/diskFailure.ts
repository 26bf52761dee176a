import { ArtifactError } from '../failure.ts';
import { systemCode } from '../systemCode.ts';

const full: Record<string, string> = {
  ENOSPC: 'the disk is full: make room and try again',
  EDQUOT: 'the quota of this user on that disk is used up: make room and try again',
};

/** What the disk refused, for a person; what is told well already stays as it is. */
export function diskFailure(what: string, error: unknown): ArtifactError {
  if (error instanceof ArtifactError) return error;
  const { message } = error as Error;
  const why = full[systemCode(error) ?? ''] ?? message;
  return new ArtifactError('unavailable', `${what}: ${why}`, error);
}

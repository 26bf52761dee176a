import { ArtifactError } from '../failure.ts';

/** What the disk refused, for a person; what is told well already stays as it is. */
export function diskFailure(what: string, error: unknown): ArtifactError {
  if (error instanceof ArtifactError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  const why = isFull ? 'the disk is full: make room and try again' : message;
  return new ArtifactError('unavailable', `${what}: ${why}`, error);
}

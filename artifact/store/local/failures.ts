import { ArtifactError, type FailureCode } from '../../failure.ts';
import { systemCode } from '../../systemCode.ts';

const reasons: Record<string, [FailureCode, string]> = {
  ENOSPC: ['unavailable', 'the disk is full: make room on it, then try again'],
  EDQUOT: ['unavailable', 'the quota of this user on that disk is used up: make room, then try again'],
  EROFS: ['unavailable', 'the file system is read-only'],
  EACCES: ['unavailable', 'permission denied: this user may not do that there'],
  EPERM: ['unavailable', 'permission denied: this user may not do that there'],
  ESTALE: ['unavailable', 'the file server has lost it: try again, or mount it anew'],
  EIO: ['unavailable', 'the disk or the file server failed'],
  EXDEV: ['unavailable', 'a folder in it lies on another file system: a store needs one for all of it'],
  ENAMETOOLONG: ['invalid', 'the name is too long for this file system'],
  ENOTDIR: ['invalid', 'a file stands where a folder would have to be'],
  EISDIR: ['invalid', 'a folder stands there'],
  ENOTEMPTY: ['invalid', 'a folder stands there'],
};

/** What the file system refused, told for a person; everything else stays as it is. */
export function fileFailure(error: unknown, doing: string): unknown {
  const code = errorCode(error);
  if (error instanceof ArtifactError || code === undefined) return error;
  const [failure, reason] = reasons[code] ?? ['unavailable', (error as Error).message];
  return new ArtifactError(failure, `${doing}: ${reason}`, error);
}

/** The system's name of an error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error || 'errno' in error)) return undefined;
  return systemCode(error) ?? ('code' in error && typeof error.code === 'string' ? error.code : undefined);
}

/** What the work gives; nothing where the file is not there. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that there is no such file; a link that leads round in a circle is none. */
export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error) ?? '');
}

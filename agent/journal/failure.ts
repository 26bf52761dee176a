import { systemCode } from '../../artifact/systemCode.ts';
import { AgentError, type AgentFailure } from '../failure.ts';

const reasons: Record<string, [AgentFailure, string]> = {
  ENOSPC: ['full', 'the disk is full: make room on it'],
  EDQUOT: ['full', 'the quota of this user on that disk is used up: make room'],
  EROFS: ['unavailable', 'the file system is read-only'],
  EACCES: ['unavailable', 'permission denied: this user may not do that there'],
  EPERM: ['unavailable', 'permission denied: this user may not do that there'],
  EIO: ['unavailable', 'the disk failed'],
  EMFILE: ['unavailable', 'this process has too many files open'],
};

/** What the disk refused, told for a person. */
export function journalFailure(doing: string, error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  const { message } = error as NodeJS.ErrnoException;
  const [failure, reason] = reasons[systemCode(error) ?? ''] ?? ['unavailable', message];
  return new AgentError(failure, `${doing}: ${reason}`, { cause: error });
}

/** Whether the system said that there is no such file. */
export function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

import { ArtifactError, type FailureCode } from '../../artifact/failure.ts';
import { systemCode } from '../../artifact/systemCode.ts';
import { AgentError, type AgentFailure } from '../failure.ts';

const codes: Record<FailureCode, AgentFailure> = {
  invalid: 'invalid',
  missing: 'missing',
  exists: 'failed',
  conflict: 'failed',
  refused: 'refused',
  unavailable: 'unavailable',
  failed: 'failed',
  cancelled: 'cancelled',
};

const diskCodes = ['EROFS', 'EIO', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE'];

/** Any error as the agent's own; what the disk or the store refused is told as such. */
export function asAgentError(error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  const { message } = error as Error;
  const disk = diskCode(error);
  if (disk === 'ENOSPC' || disk === 'EDQUOT') return new AgentError('full', message, { cause: error });
  if (error instanceof ArtifactError) return new AgentError(codes[error.code], message, { cause: error });
  const code = disk !== undefined && diskCodes.includes(disk) ? 'unavailable' : 'failed';
  return new AgentError(code, message, { cause: error });
}

/** Whether a disk was full. */
export function isFull(error: unknown): boolean {
  return asAgentError(error).code === 'full' || ['ENOSPC', 'EDQUOT'].includes(diskCode(error) ?? '');
}

/** Whether an error is about a disk as a whole, or this process: no file is to blame. */
export function isOfWholeDisk(error: unknown): boolean {
  return isFull(error) || ['EROFS', 'EMFILE', 'ENFILE'].includes(diskCode(error) ?? '');
}

/** The code that the system gave, to this error or to what caused it. */
function diskCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return systemCode(error) ?? diskCode(error.cause);
}

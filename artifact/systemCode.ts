import os from 'node:os';

/** The system's name of an error, such as `ENOSPC`; `undefined` for errors that are not the system's. Node has none for a quota. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errno } = error as NodeJS.ErrnoException;
  if (errno !== undefined && errno === -os.constants.errno.EDQUOT) return 'EDQUOT';
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

import { spawn } from 'node:child_process';
import fs, { type FileHandle } from 'node:fs/promises';
import { AgentError } from '../failure.ts';
import { isGone } from './failure.ts';

/**
 * Takes a file for this process alone, until the handle is closed or the process ends, however it ends: the kernel's lock
 * belongs to the open file, which the `flock` command shares for a moment. Without that command nothing is locked.
 * `busy` where another process has it.
 */
export async function takeFile(file: string): Promise<FileHandle> {
  const handle = await fs.open(file, 'r+');
  try {
    await lock(handle, file);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function lock(handle: FileHandle, file: string): Promise<void> {
  const child = spawn('flock', ['--nonblock', '3'], { stdio: ['ignore', 'ignore', 'ignore', handle.fd] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => (isGone(error) ? resolve(0) : reject(error)));
    child.once('exit', resolve);
  });
  if (code === 0) return;
  throw new AgentError(
    'busy',
    `another process writes to ${file}: two must not, so find out which and end it`,
  );
}

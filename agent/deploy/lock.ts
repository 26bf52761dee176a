import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Owner } from '../../protocol/deployment.ts';
import { AgentError } from '../failure.ts';
import { readJson } from '../releases/lasting.ts';

/** A lock that is held until it is given back, or until this process ends: the kernel frees it then. */
export interface Lock {
  /** Says beside the lock who holds it. */
  own(owner: Owner): Promise<void>;
  release(): Promise<void>;
}

/**
 * Locks a file that nobody else has locked; nothing where somebody has. With `wait` it waits for its turn, until the signal: `cancelled`.
 * The kernel's lock belongs to the open file, so that a child (`flock` of util-linux) can take it for this process.
 */
export async function lockFile(
  file: string,
  { wait = false, signal }: { wait?: boolean; signal?: AbortSignal } = {},
): Promise<Lock | undefined> {
  const handle = await fs.open(file, 'a', 0o600);
  try {
    if (await flock(handle.fd, wait, signal)) return heldLock(file, handle);
    await handle.close();
    return undefined;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Who says that they hold the lock of a file. */
export async function ownerOf(file: string): Promise<Owner | undefined> {
  const owner = await readJson(ownerFile(file));
  const isOwner = typeof owner?.deployment === 'string' && typeof owner.what === 'string';
  return isOwner ? (owner as unknown as Owner) : undefined;
}

function heldLock(file: string, handle: fs.FileHandle): Lock {
  return {
    async own(owner) {
      await fs.writeFile(ownerFile(file), `${JSON.stringify(owner)}\n`, { mode: 0o600 });
    },
    async release() {
      try {
        await fs.rm(ownerFile(file), { force: true });
      } finally {
        await handle.close();
      }
    },
  };
}

function ownerFile(file: string): string {
  return path.join(path.dirname(file), `${path.basename(file, '.lock')}.owner.json`);
}

/** Whether the lock was taken. */
async function flock(fd: number, wait: boolean, signal: AbortSignal | undefined): Promise<boolean> {
  const child = spawn('flock', wait ? ['3'] : ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (signal?.aborted) stop();
    const [code] = await once(child, 'exit');
    if (code === 0) return true;
    if (signal?.aborted) throw new AgentError('cancelled', 'it was cancelled while it waited for its turn');
    if (code === 1 && !wait) return false;
    throw new AgentError('unavailable', `the lock could not be taken: flock ended with ${code}`);
  } catch (error) {
    if (error instanceof AgentError) throw error;
    const message = `locks need the command flock of util-linux: ${(error as Error).message}`;
    throw new AgentError('unavailable', message, { cause: error });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

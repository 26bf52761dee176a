import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The type of tmpfs, as statfs(2) tells it. */
const tmpfs = 0x01021994;
const memory = '/dev/shm';
/** So much must be free there, and as much again in the machine. */
const needed = 4 * 1024 ** 3;

/**
 * A folder in memory for what tests write: an agent waits for the disk at every step, and thousands of deployments spend most of their time with that.
 * Nothing where the machine has no room for it there: then tests use the usual folder.
 */
export function fastTemp(): string | undefined {
  if (process.platform !== 'linux' || process.env.STRATA_TEST_ON_DISK !== undefined) return undefined;
  try {
    const { type, bavail, bsize } = fs.statfsSync(memory);
    if (type !== tmpfs || bavail * bsize < needed || os.freemem() < 2 * needed) return undefined;
    const folder = fs.mkdtempSync(path.join(memory, `strata-${process.pid}-`));
    // Some tests are other users for a while.
    fs.chmodSync(folder, 0o755);
    return folder;
  } catch {
    return undefined;
  }
}

/** Takes away what runs left that were killed: folders whose names tell of processes that are no more. */
export function sweep(folder: string = memory): void {
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const [, pid] = /^strata-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || isThere(Number(pid))) continue;
    // Somebody else's cannot be taken away, and another run may be at it.
    try {
      fs.rmSync(path.join(folder, name), { recursive: true, force: true });
    } catch (error) {
      console.warn(`${name} of a test run that was killed stays: ${(error as Error).message}`);
    }
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Takes away what runs that were killed left, and this one's folder when all tests have ended. */
export default function setUp(): () => void {
  const { TMPDIR: own = '' } = process.env;
  if (own.startsWith(`${memory}/strata-`)) sweep();
  return () => {
    if (own.startsWith(`${memory}/strata-`)) fs.rmSync(own, { recursive: true, force: true });
  };
}

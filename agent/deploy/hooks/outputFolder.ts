import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ifThere } from '../../releases/lasting.ts';
import { removeTree } from '../../releases/staging.ts';

/** The types of file systems that are memory: tmpfs and ramfs, as statfs(2) tells them. */
const memoryTypes: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/** The link in a deployment's folder of hooks that leads to what they print. */
function outputLink(folder: string): string {
  return path.join(folder, 'output');
}

/**
 * Makes the folder of a deployment's hooks. What they print may hold secrets that nobody has hidden yet, so it is put into memory, where it
 * outlives the agent as the hooks do, but not the box; onto the disk only where the system offers no such place.
 */
export async function makeHookFolder(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const link = outputLink(folder);
  if ((await ifThere(fs.stat(link))) !== undefined) return;
  await fs.rm(link, { force: true });
  const base = await memoryFolder();
  if (base === undefined) return void (await fs.mkdir(link, { mode: 0o700 }));
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  const target = path.join(base, name);
  await fs.mkdir(target, { recursive: true, mode: 0o700 });
  await fs.symlink(target, link);
}

/** Takes the folder of a deployment's hooks away, and what they printed. */
export async function removeHookFolder(folder: string): Promise<void> {
  const target = await fs.readlink(outputLink(folder)).catch(() => undefined);
  if (target !== undefined) await removeTree(target);
  await removeTree(folder);
}

/** A folder in memory that is this user's alone: of the service, of the user's login, of the machine. */
async function memoryFolder(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const { uid } = os.userInfo();
  const places = [env.RUNTIME_DIRECTORY?.split(':')[0], env.XDG_RUNTIME_DIR, '/dev/shm'];
  for (const place of places) {
    if (place === undefined || place === '') continue;
    const folder = path.join(place, `strata-agent-${uid}`);
    if (await isUsable(folder, uid).catch(() => false)) return folder;
  }
  return undefined;
}

async function isUsable(folder: string, uid: number): Promise<boolean> {
  const { type } = await fs.statfs(path.dirname(folder));
  if (!memoryTypes.has(type)) return false;
  await fs.mkdir(folder, { mode: 0o700 }).catch(() => undefined);
  // Where anybody may make folders, somebody else may have made this one.
  const stat = await fs.lstat(folder);
  return stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0;
}

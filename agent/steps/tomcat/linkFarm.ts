import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { syncTree } from '../../../artifact/archive/syncTree.ts';
import { syncFolder } from '../../../artifact/syncFolder.ts';
import { ifThere } from '../../releases/lasting.ts';
import { removeTree } from '../../releases/staging.ts';

/**
 * Makes a folder with the same files in it, by hard links: it takes no room, and outlives the other one. On another file system they are
 * copied. It is there whole or not at all; one that is there stays.
 */
export async function linkFarm(from: string, to: string, signal: AbortSignal): Promise<void> {
  if ((await ifThere(fs.lstat(to))) !== undefined) return;
  const folder = path.dirname(to);
  await fs.mkdir(folder, { recursive: true, mode: 0o755 });
  const staged = path.join(folder, `.${path.basename(to)}.strata-new`);
  await removeTree(staged);
  await linkTree(from, staged, signal);
  await syncTree(staged, signal);
  await fs.rename(staged, to);
  await syncFolder(folder);
}

async function linkTree(from: string, to: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await fs.mkdir(to);
  for (const entry of await fs.readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target, signal);
    else if (entry.isSymbolicLink()) await fs.symlink(await fs.readlink(source), target);
    else await linkOrCopy(source, target);
  }
  const { mode, uid, gid } = await fs.stat(from);
  if (process.getuid?.() === 0) await fs.lchown(to, uid, gid);
  await fs.chmod(to, mode & 0o7777);
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await fs.link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await fs.copyFile(from, to, constants.COPYFILE_EXCL);
    const { uid, gid } = await fs.stat(from);
    if (process.getuid?.() === 0) await fs.lchown(to, uid, gid);
  }
}

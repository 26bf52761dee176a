import { randomBytes } from 'node:crypto';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';
import { agentFailure } from './failures.ts';
import type { FileOwner } from './settings.ts';

/** A file that is to be written. */
export interface NewFile {
  file: string;
  text: string;
}

/** Others than the owner and the group may not read: configuration holds passwords. */
const mode = 0o640;

/**
 * Writes files of one folder so that each is there whole or as it was before, and none changes where one cannot be written; on the disk
 * when this ends. What stands in their place is replaced, and never followed.
 * @param owner whom they are given to; who runs the agent when left out.
 */
export async function writeTogether(files: readonly NewFile[], owner: FileOwner | undefined): Promise<void> {
  const staged: { from: string; to: string }[] = [];
  try {
    for (const { file, text } of files) {
      const from = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
      staged.push({ from, to: file });
      await stage(from, text, owner);
    }
    // A file can take the place of all but a folder.
    for (const { to } of staged) await checkIsNoFolder(to);
    for (const { from, to } of staged) await fs.rename(from, to);
    for (const folder of new Set(files.map(({ file }) => path.dirname(file)))) await syncFolder(folder);
  } catch (error) {
    throw agentFailure('the configuration could not be written', error);
  } finally {
    for (const { from } of staged) await fs.rm(from, { force: true });
  }
}

async function checkIsNoFolder(file: string): Promise<void> {
  const stat = await fs.lstat(file).catch(() => undefined);
  if (stat?.isDirectory()) throw new Error(`${file} is a folder`);
}

async function stage(file: string, text: string, owner: FileOwner | undefined): Promise<void> {
  const handle = await fs.open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await own(handle, owner);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The process's umask took its part of the mode, and a change of owner may as well. */
async function own(handle: FileHandle, owner: FileOwner | undefined): Promise<void> {
  if (owner !== undefined) await handle.chown(owner.uid, owner.gid);
  await handle.chmod(mode);
}

import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { checkCancelled } from '../cancelling.ts';
import { listTree } from './listTree.ts';

/** So many files wait for the disk together, which makes one write of many. */
const together = 32;

/**
 * Waits until all of a folder is on the disk: through the command `sync -f`, which waits for the whole file system once, or
 * file by file where there is no such command. Throws the system's errors, and `cancelled`.
 */
export async function syncTree(folder: string, signal?: AbortSignal): Promise<void> {
  if (!(await syncFileSystem(folder, signal))) await syncFiles(folder, signal);
  checkCancelled(signal);
}

async function syncFileSystem(folder: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await promisify(execFile)('sync', ['-f', path.resolve(folder)], signal ? { signal } : {});
    return true;
  } catch {
    checkCancelled(signal);
    return false;
  }
}

export async function syncFiles(folder: string, signal?: AbortSignal): Promise<void> {
  const waiting = ['', ...listTree(folder)];
  const worker = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      checkCancelled(signal);
      const file = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);
      const stat = await fs.lstat(file);
      if (stat.isFile() || stat.isDirectory()) await syncFile(file);
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
}

async function syncFile(file: Buffer): Promise<void> {
  const handle = await fs.open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

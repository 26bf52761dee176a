import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';

/** Writes a small file so that it is there whole, or as it was before, whatever happens; on the disk when this ends. */
export async function writeLasting(file: string, text: string): Promise<void> {
  const staged = `${file}.${randomBytes(4).toString('hex')}.new`;
  try {
    const handle = await fs.open(staged, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(staged, file);
  } catch (error) {
    await fs.rm(staged, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** What a call gives, or nothing where the file is not there. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** What a file of JSON holds; nothing where it is not there, or holds something else. */
export async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  const text = await ifThere(fs.readFile(file, 'utf8'));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

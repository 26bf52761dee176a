import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';
import { ifThere } from './lasting.ts';
import type { AppPlaces } from './layout.ts';

/** Where a deployment unpacks to; the archive's one folder, named as the app, is the release. */
export function stagedRelease(places: AppPlaces, deployment: string, app: string): string {
  return path.join(places.unpack, deployment, app);
}

/** Makes a staged release one of `versions`, in one step; nothing happens where that was done already. */
export async function putInPlace(staged: string, places: AppPlaces, name: string): Promise<void> {
  const target = path.join(places.versions, name);
  try {
    await fs.rename(staged, target);
  } catch (error) {
    const isDone = (error as NodeJS.ErrnoException).code === 'ENOENT' && (await ifThere(fs.stat(target)));
    if (!isDone) throw error;
  }
  await syncFolder(places.versions);
}

/** Takes a release away: first out of `versions` in one step, so that it is never half there. */
export async function removeRelease(places: AppPlaces, name: string): Promise<void> {
  await fs.mkdir(places.unpack, { recursive: true });
  const trash = path.join(places.unpack, `gone-${randomBytes(6).toString('hex')}`);
  await fs.rename(path.join(places.versions, name), trash);
  await removeTree(trash);
}

/** Takes away what staging folders are left over. @param kept the deployments that need theirs. */
export async function sweep(places: AppPlaces, kept: ReadonlySet<string>): Promise<void> {
  const names = (await ifThere(fs.readdir(places.unpack))) ?? [];
  for (const name of names) if (!kept.has(name)) await removeTree(path.join(places.unpack, name));
}

/** Takes a folder away with all that is in it; a hook may have taken the right to write from parts of it. */
export async function removeTree(folder: string): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';

/**
 * Lets a link of an app lead to another release in one step, which is on the disk when this ends.
 * @param name the release's folder in `versions`; `null` takes the link away.
 */
export async function swing(link: string, name: string | null): Promise<void> {
  if (name !== null) return await swingLink(link, path.join('versions', name));
  await fs.rm(link, { force: true });
  await syncFolder(path.dirname(link));
}

/** Lets a link lead elsewhere in one step, which is on the disk when this ends. */
export async function swingLink(link: string, target: string): Promise<void> {
  // On a full disk there is no room for another link: none is made where it would be the same.
  if ((await fs.readlink(link).catch(() => undefined)) !== target) {
    const staged = path.join(path.dirname(link), `.${path.basename(link)}.new`);
    await fs.rm(staged, { force: true });
    await fs.symlink(target, staged);
    await fs.rename(staged, link);
  }
  await syncFolder(path.dirname(link));
}

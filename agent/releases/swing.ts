import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';

/**
 * Lets a link of an app lead to another release in one step, which is on the disk when this ends.
 * @param name the release's folder in `versions`; `null` takes the link away.
 */
export async function swing(link: string, name: string | null): Promise<void> {
  if (name === null) await fs.rm(link, { force: true });
  else if (!(await leadsTo(link, name))) {
    const staged = path.join(path.dirname(link), `.${path.basename(link)}.new`);
    await fs.rm(staged, { force: true });
    await fs.symlink(path.join('versions', name), staged);
    await fs.rename(staged, link);
  }
  await syncFolder(path.dirname(link));
}

/** On a full disk there is no room for another link: none is made where it would be the same. */
async function leadsTo(link: string, name: string): Promise<boolean> {
  const target = await fs.readlink(link).catch(() => undefined);
  return target === path.join('versions', name);
}

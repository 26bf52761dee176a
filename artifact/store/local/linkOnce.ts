import fs from 'node:fs/promises';
import { errorCode, ifThere } from './failures.ts';

const cannotLink = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

/**
 * Makes a second name of a file where there is none, in one step.
 * @returns false where there is one; nothing where the file system makes no second names (of this file, or there).
 */
export async function linkOnce(file: string, name: string): Promise<boolean | undefined> {
  try {
    await fs.link(file, name);
    return true;
  } catch (error) {
    const code = errorCode(error);
    // A file server may answer a repeated request so, although the first one made the name.
    if (code === 'EEXIST') return isSameFile(file, name);
    if (code !== undefined && cannotLink.has(code)) return undefined;
    throw error;
  }
}

async function isSameFile(file: string, name: string): Promise<boolean> {
  const [one, other] = await Promise.all([ifThere(fs.stat(file)), ifThere(fs.lstat(name))]);
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

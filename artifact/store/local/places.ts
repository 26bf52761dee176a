import fs from 'node:fs/promises';
import path from 'node:path';
import { ArtifactError } from '../../failure.ts';
import { syncFolder } from '../../syncFolder.ts';
import { errorCode, ifThere } from './failures.ts';

/** Where an object's file would be; nothing where its folder is not there, or where a link leads nowhere. */
export async function findPlace(root: string, key: string): Promise<string | undefined> {
  const file = path.join(root, key);
  const [realRoot, real] = await Promise.all([ifThere(fs.realpath(root)), ifThere(fs.realpath(file))]);
  if (realRoot === undefined || real === undefined) return undefined;
  checkInside(realRoot, real, file);
  return real;
}

/** Where an object's file is to be; makes the folders on the way, on the disk when this returns. */
export async function makePlace(root: string, key: string): Promise<string> {
  await makeFolder(root);
  const realRoot = await fs.realpath(root);
  const parts = key.split('/');
  let folder = realRoot;
  for (const part of parts.slice(0, -1)) {
    const next = path.join(folder, part);
    await makeFolder(next);
    folder = await fs.realpath(next);
    checkInside(realRoot, folder, next);
    if (!(await fs.stat(folder)).isDirectory())
      throw Object.assign(new Error(next), { code: 'ENOTDIR', errno: 0 });
  }
  return path.join(folder, parts.at(-1) ?? '');
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT') throw error;
    // The root of a store that is new: its parents come first.
    await makeFolder(path.dirname(folder));
    await makeFolder(folder);
    return;
  }
  await syncFolder(path.dirname(folder));
}

/** Takes folders away that hold nothing any more, upwards to the root. */
export async function pruneFolders(root: string, file: string): Promise<void> {
  const realRoot = await fs.realpath(root);
  for (let at = path.dirname(file); at !== realRoot && at.startsWith(realRoot); at = path.dirname(at)) {
    try {
      await fs.rmdir(at);
    } catch {
      return;
    }
  }
}

function checkInside(root: string, real: string, file: string): void {
  if (real === root || real.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) return;
  throw new ArtifactError('invalid', `${file} is a symbolic link out of the store: it leads to ${real}`);
}

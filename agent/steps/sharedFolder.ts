import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { syncTree } from '../../artifact/archive/syncTree.ts';
import { unpackArchive } from '../../artifact/archive/unpack.ts';
import { ArtifactError } from '../../artifact/failure.ts';
import { download } from '../../artifact/repository/download.ts';
import { type Repository, seriesOf } from '../../artifact/repository/repository.ts';
import { syncFolder } from '../../artifact/syncFolder.ts';
import type { StepWork } from '../deploy/step.ts';
import { ifThere } from '../releases/lasting.ts';
import { removeTree } from '../releases/staging.ts';

/** A folder that releases share: its name tells all that it is made of. */
export interface SharedFolder {
  /** Where it lies, be it there or not; it has its last name to itself in the folder above. */
  place: string;
  /** The name of the artifact that holds it: `virtualenv-3.11-linux_x86_64-HASH.tar.gz`. */
  name: string;
  /** The one folder in that artifact. */
  top: string;
}

/** Where builds put what all channels may use. */
const commonChannel = 'master';

/** The name of an artifact as that of a folder. */
export function folderName(artifact: string): string {
  return artifact.replace(/\.tar\.\w+$/, '');
}

/**
 * Has a folder there, whole: the one that is there, one that a build has put into the repository, or what `make` makes.
 * @param settle makes one from elsewhere fit this box.
 * @param make makes it in an empty folder; nothing where that is not allowed.
 * @returns whether it is there.
 */
export async function haveShared(
  repository: Repository,
  work: StepWork,
  shared: SharedFolder,
  {
    settle,
    make,
  }: { settle?(folder: string): Promise<void>; make?: ((folder: string) => Promise<void>) | undefined },
): Promise<boolean> {
  const { place, top } = shared;
  if ((await ifThere(fs.stat(place))) !== undefined) return true;
  const within = path.dirname(place);
  await fs.mkdir(within, { recursive: true, mode: 0o755 });
  const staged = path.join(within, `.${randomBytes(4).toString('hex')}.new`);
  try {
    await fs.mkdir(staged, { mode: 0o755 });
    const folder = path.join(staged, top);
    if (await fetched(repository, work, shared, staged)) await settle?.(folder);
    else if (make !== undefined) await made(work, folder, make);
    else return false;
    await syncTree(folder, work.signal);
    await fs.rename(folder, place);
    await syncFolder(within);
    return true;
  } finally {
    await removeTree(staged);
  }
}

/** What is made there is made as the app's user: packages may run code of their own. */
async function made(work: StepWork, folder: string, make: (folder: string) => Promise<void>): Promise<void> {
  const { user } = work;
  if (user !== undefined && process.getuid?.() === 0)
    await fs.chown(path.dirname(folder), user.uid, user.gid);
  await make(folder);
}

async function fetched(
  repository: Repository,
  { app, channel, log, signal }: StepWork,
  { name, top }: SharedFolder,
  into: string,
): Promise<boolean> {
  const file = path.join(into, 'archive');
  for (const from of new Set([channel, commonChannel])) {
    try {
      await download(repository, seriesOf(app, { channel: from, artifact: name }), { file, signal });
    } catch (error) {
      if (error instanceof ArtifactError && error.code === 'missing') continue;
      throw error;
    }
    await unpackArchive(createReadStream(file), path.join(into, 'unpacked'), { top, signal });
    await fs.rename(path.join(into, 'unpacked', top), path.join(into, top));
    log(`${top} comes from ${app}/${from}/${name}`, 'agent');
    return true;
  }
  return false;
}

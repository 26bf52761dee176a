import fs from 'node:fs';
import path from 'node:path';
import { listTree } from '../../archive/listTree.ts';
import { packArchiveFile } from '../../archive/pack.ts';
import { unpackArchive } from '../../archive/unpack.ts';
import { bytesText } from '../../bytes.ts';
import { ArtifactError } from '../../failure.ts';
import { note, type Work, warn } from '../work.ts';

/** Where a build looks for what others have made: in its own channel, then in the one that all others come from. */
const commonChannel = 'master';

/**
 * Brings a folder that an earlier build has made, into the staging folder.
 * @param name the artifact's name, which tells all that it depends on.
 * @returns where it is; nothing where nobody has made it, or where it cannot be had.
 */
export async function fetchFolder(work: Work, name: string, top: string): Promise<string | undefined> {
  const { place, app, channel, places, signal } = work;
  if (place === undefined || channel === undefined) return undefined;
  const file = path.join(places.staging, name);
  const into = path.join(places.staging, 'fetched');
  try {
    for (const from of new Set([channel, commonChannel])) {
      if (!(await place.download({ app, channel: from, artifact: name }, file, signal))) continue;
      await unpackArchive(fs.createReadStream(file), into, { top, signal });
      fs.rmSync(file, { force: true });
      note(work, `${top} comes from ${place.url} (${app}/${from}/${name})`);
      return path.join(into, top);
    }
  } catch (error) {
    if (error instanceof ArtifactError && error.code === 'cancelled') throw error;
    warn(work, `${name} cannot be used and is made again: ${(error as Error).message}`);
    fs.rmSync(into, { recursive: true, force: true });
    fs.rmSync(file, { force: true });
  }
  return undefined;
}

/** Puts a folder into the repository for other builds and for boxes. That this fails costs them time and no build. */
export async function storeFolder(work: Work, name: string, folder: string, top: string): Promise<boolean> {
  const { place, app, channel, places, signal, compression, reporter } = work;
  if (place === undefined || channel === undefined) return false;
  const file = path.join(places.staging, name);
  try {
    const names = listTree(folder);
    const packed = await packArchiveFile(file, {
      top,
      sources: [{ root: folder, names }],
      mtime: 0,
      compression,
      signal,
      onProgress: (done, total) => reporter.progress(`${bytesText(done)} of ${bytesText(total)}`),
    });
    await place.upload({
      ...{ app, channel, artifact: name, isLocal: false, file, signal },
      ...{ size: packed.size, sha256: packed.sha256, metadata: {} },
      onBytes: (done, total) => reporter.progress(`${bytesText(done)} of ${bytesText(total)}`),
    });
    note(work, `${top} is kept in ${place.url} as ${app}/${channel}/${name}, ${bytesText(packed.size)}`);
    return true;
  } catch (error) {
    if (error instanceof ArtifactError && error.code === 'cancelled') throw error;
    warn(work, `${top} could not be kept for other builds: ${(error as Error).message}`);
    return false;
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Puts a folder into its place; should the build end before, what stood there stays. */
export function moveIn(work: Work, folder: string, target: string): void {
  const old = path.join(work.places.staging, `old-${path.basename(target)}`);
  const isThere = fs.lstatSync(target, { throwIfNoEntry: false }) !== undefined;
  if (isThere) move(target, old);
  try {
    move(folder, target);
  } catch (error) {
    fs.rmSync(target, { recursive: true, force: true });
    if (isThere) move(old, target);
    throw new ArtifactError('failed', `${target} cannot be written: ${(error as Error).message}`, error);
  }
  fs.rmSync(old, { recursive: true, force: true });
}

/** Renames; between two disks, copies. */
export function move(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    fs.cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    fs.rmSync(from, { recursive: true, force: true });
  }
}

import fs from 'node:fs';
import path from 'node:path';
import { type Unpacked, type UnpackOptions, unpackArchive } from '../../artifact/archive/unpack.ts';
import { ArtifactError } from '../../artifact/failure.ts';
import { download } from '../../artifact/repository/download.ts';
import type { Artifact } from '../../artifact/repository/head.ts';
import type { Repository } from '../../artifact/repository/repository.ts';
import type { ArchiveCache } from './archiveCache.ts';

interface FetchOptions {
  only?: (path: string) => boolean;
  cache?: ArchiveCache | undefined;
  signal: AbortSignal;
}

/**
 * Downloads a version into an empty folder, checks it and unpacks it beside; what came down goes away again.
 * @param only what is unpacked, by its path in the app's folder; all when left out.
 * @param cache where archives are kept that somebody may ask for again; it is not kept when left out.
 * @returns the folder with what the archive's one folder has, and how much it is.
 */
export async function fetchUnpacked(
  repo: Repository,
  artifact: Artifact,
  into: string,
  { only, cache, signal }: FetchOptions,
): Promise<{ folder: string; size: Unpacked }> {
  const file = path.join(into, 'artifact');
  if (cache === undefined) await download(repo, artifact, { version: artifact.version, file, signal });
  else await cache.fetch(repo, artifact, file, signal);
  const top = artifact.app;
  const target = path.join(into, 'unpacked');
  const below = only && ((name: string) => only(name.slice(top.length + 1)));
  const size = await unpackPart(file, target, { top, signal, ...(below ? { only: below } : {}) });
  await fs.promises.rm(file);
  return { folder: path.join(target, top), size };
}

/** A part may need what is not in it, as links do: then all is unpacked. */
async function unpackPart(file: string, target: string, options: UnpackOptions): Promise<Unpacked> {
  const { only, ...all } = options;
  const unpack = (how: UnpackOptions) => unpackArchive(fs.createReadStream(file), target, how);
  if (only === undefined) return await unpack(all);
  try {
    const size = await unpack(options);
    if (!leadsNowhere(target)) return size;
    await fs.promises.rm(target, { recursive: true });
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.code !== 'refused') throw error;
  }
  return await unpack(all);
}

/** Whether a link in a folder leads to what is not there. */
function leadsNowhere(folder: string): boolean {
  const entries = fs.readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.some((one) => one.isSymbolicLink() && !fs.existsSync(path.join(one.parentPath, one.name)));
}

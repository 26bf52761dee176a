import fs from 'node:fs';
import path from 'node:path';
import { type Unpacked, type UnpackOptions, unpackArchive } from '../../artifact/archive/unpack.ts';
import { ArtifactError } from '../../artifact/failure.ts';
import { download } from '../../artifact/repository/download.ts';
import type { Artifact } from '../../artifact/repository/head.ts';
import { allSeries } from '../../artifact/repository/listing.ts';
import { type Repository, type Series, seriesOf } from '../../artifact/repository/repository.ts';

/**
 * The series that has an app's own artifact on a channel: the one whose file is named as the app is (`shop.tar.gz`); `missing`, and
 * `invalid` where there are several.
 */
export async function appSeries(
  repo: Repository,
  app: string,
  channel: string | undefined,
  signal: AbortSignal,
): Promise<Series> {
  const usual = seriesOf(app, channel === undefined ? {} : { channel });
  const names: string[] = [];
  for await (const one of allSeries(repo, { app, channel: usual.channel }, { signal })) {
    if (one.artifact.startsWith(`${app}.tar`)) names.push(one.artifact);
  }
  const [only] = names;
  if (only !== undefined && names.length === 1) return { ...usual, artifact: only };
  if (names.includes(usual.artifact)) return usual;
  const where = `${app}/${usual.channel} in ${repo.store.url}`;
  if (only === undefined) throw new ArtifactError('missing', `there is no artifact of ${where}`);
  throw new ArtifactError('invalid', `${where} has several artifacts: ${names.join(', ')}`);
}

/**
 * Downloads a version into an empty folder, checks it and unpacks it beside; what came down goes away again.
 * @param only what is unpacked, by its path in the app's folder; all when left out.
 * @returns the folder with what the archive's one folder has, and how much it is.
 */
export async function fetchUnpacked(
  repo: Repository,
  artifact: Artifact,
  into: string,
  { only, signal }: { only?: (path: string) => boolean; signal: AbortSignal },
): Promise<{ folder: string; size: Unpacked }> {
  const file = path.join(into, 'artifact');
  await download(repo, artifact, { version: artifact.version, file, signal });
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

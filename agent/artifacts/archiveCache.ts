import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { download } from '../../artifact/repository/download.ts';
import type { Artifact } from '../../artifact/repository/head.ts';
import type { Repository } from '../../artifact/repository/repository.ts';
import { ifThere } from '../releases/lasting.ts';

/** Archives that were fetched for a plan, so that the deployment that follows need not fetch them again. */
export interface ArchiveCache {
  /** Puts the archive of a version into a new file, and keeps it for the next who asks. As `download` fails. */
  fetch(repo: Repository, artifact: Artifact, file: string, signal: AbortSignal): Promise<void>;
  /** Puts it into a file where it is here, and right; the cache lets go of it. Says whether it was. */
  take(artifact: Artifact, file: string, signal: AbortSignal): Promise<boolean>;
  /** Gives the disk back what it has. */
  clear(): Promise<void>;
}

/** So many are kept, the newest ones. */
const mostKept = 2;

/**
 * Opens the cache in a folder of the agent's own. An archive's name is its digest, which is looked at whenever it is used; what has no
 * digest is not kept. Who uses one has a link of its own to it, so that it may go at any time.
 */
export function archiveCache(folder: string): ArchiveCache {
  const place = ({ sha256 }: Artifact) => (sha256 === undefined ? undefined : path.join(folder, sha256));
  return {
    async fetch(repo, artifact, file, signal) {
      const kept = place(artifact);
      const { version } = artifact;
      if (kept !== undefined && (await linkRight(kept, artifact, file, signal))) return;
      await download(repo, artifact, { version, file, signal });
      if (kept !== undefined) await keep(folder, kept, file);
    },
    async take(artifact, file, signal) {
      const kept = place(artifact);
      if (kept === undefined || !(await linkRight(kept, artifact, file, signal))) return false;
      await fs.promises.rm(kept, { force: true });
      return true;
    },
    clear: () => fs.promises.rm(folder, { recursive: true, force: true }),
  };
}

/** That an archive cannot be kept is no reason to have none. */
async function keep(folder: string, kept: string, file: string): Promise<void> {
  try {
    await fs.promises.mkdir(folder, { recursive: true, mode: 0o700 });
    await fs.promises.rm(kept, { force: true });
    await fs.promises.link(file, kept);
    const names = await fs.promises.readdir(folder);
    const dated = await Promise.all(
      names.map(async (name) => ({
        name,
        made: (await ifThere(fs.promises.stat(path.join(folder, name))))?.ctimeMs ?? 0,
      })),
    );
    dated.sort((a, b) => b.made - a.made);
    for (const { name } of dated.slice(mostKept))
      await fs.promises.rm(path.join(folder, name), { force: true });
  } catch {
    // It is fetched again then.
  }
}

/** Links an archive that is kept to a new file, where its bytes are right; one whose bytes are not is taken away. */
async function linkRight(
  kept: string,
  { size, sha256 }: Artifact,
  file: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await fs.promises.rm(file, { force: true });
    await fs.promises.link(kept, file);
  } catch {
    return false;
  }
  const hash = createHash('sha256');
  try {
    if ((await fs.promises.stat(file)).size === size) {
      await pipeline(fs.createReadStream(file), hash, { signal });
      if (hash.digest('hex') === sha256) return true;
    }
  } catch (error) {
    if (signal.aborted) throw error;
  }
  await Promise.all([kept, file].map((one) => fs.promises.rm(one, { force: true })));
  return false;
}

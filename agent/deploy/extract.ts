import fs from 'node:fs';
import path from 'node:path';
import { listTree } from '../../artifact/archive/listTree.ts';
import { unpackArchive } from '../../artifact/archive/unpack.ts';
import { removeTree } from '../releases/staging.ts';
import { asAgentError } from './failures.ts';
import { makeRoom } from './fetch.ts';
import { staged, stopIfAsked, type Work } from './work.ts';

/** Unpacks the archive into the staging folder, once more with more room where the disk got full. `refused`, `full`, `unavailable`, `cancelled`. */
export async function extract(work: Work, archive: string): Promise<void> {
  try {
    await unpack(work, archive);
  } catch (error) {
    if (asAgentError(error).code !== 'full') throw error;
    await makeRoom(work);
    await unpack(work, archive);
  }
  await fs.promises.rm(archive, { force: true });
  giveTo(work, staged(work));
}

async function unpack(work: Work, archive: string): Promise<void> {
  stopIfAsked(work);
  const { record, signal } = work;
  const into = path.dirname(staged(work));
  await removeTree(into);
  // All of the release waits for the disk once, when it is prepared: before it is committed nothing counts on it.
  await unpackArchive(fs.createReadStream(archive), into, { top: record.app, signal });
}

/** The release belongs to the app's user, whose hooks prepare it. */
function giveTo({ settings }: Work, release: string): void {
  const { user } = settings;
  if (user === undefined || process.getuid?.() !== 0) return;
  fs.lchownSync(release, user.uid, user.gid);
  for (const name of listTree(release)) {
    fs.lchownSync(Buffer.concat([Buffer.from(`${release}/`), Buffer.from(name)]), user.uid, user.gid);
  }
}

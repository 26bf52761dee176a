import { createHash, type Hash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ArtifactError } from '../failure.ts';
import { syncFolder } from '../syncFolder.ts';

/** A download on its way, in a hidden file beside the one that it is to become. */
export interface PartialFile {
  /** How many bytes are there, of them from an earlier download that was broken off. */
  size: number;
  readonly resumed: number;
  readonly hash: Hash;
  append(chunk: Uint8Array): Promise<void>;
  /** Makes it the file; with its bytes on the disk where it is to last. */
  finish(isLasting: boolean): Promise<void>;
  /** Leaves it for a later download to go on with. */
  leave(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Opens the file for a download of bytes with the digest. What an earlier download of the same bytes left is taken up, unless that
 * is still going on.
 */
export async function openPartial(target: string, sha256: string): Promise<PartialFile> {
  const folder = path.dirname(target);
  const stem = `.${path.basename(target)}.${sha256.slice(0, 16)}`;
  const own = path.join(folder, `${stem}.${process.pid}.${randomBytes(4).toString('hex')}.part`);
  await claim(folder, stem, own);
  const handle = await fs.open(own, 'a+');
  const hash = createHash('sha256');
  const resumed = await hashFile(handle, hash);
  const partial: PartialFile = {
    size: resumed,
    resumed,
    hash,
    async append(chunk) {
      // The disk works while the digest is taken.
      const written = handle.appendFile(chunk);
      hash.update(chunk);
      await written;
      partial.size += chunk.length;
    },
    async finish(isLasting) {
      if (isLasting) await handle.sync();
      await handle.close();
      await fs.rename(own, target);
      if (isLasting) await syncFolder(folder);
    },
    async leave() {
      await handle.close();
      if (partial.size === 0) await fs.rm(own, { force: true });
      else await fs.rename(own, path.join(folder, `${stem}.part`));
    },
    async discard() {
      await handle.close();
      await fs.rm(own, { force: true });
    },
  };
  return partial;
}

/** Takes what an earlier download left under a name of one's own: of several processes only one can. */
async function claim(folder: string, stem: string, own: string): Promise<void> {
  const names = await entriesOf(folder);
  const left = names.filter((name) => name.startsWith(`${stem}.`) && name.endsWith('.part'));
  for (const name of left.filter((one) => isAbandoned(one.slice(stem.length + 1)))) {
    try {
      return await fs.rename(path.join(folder, name), own);
    } catch {
      // Somebody else took it.
    }
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ArtifactError('invalid', `there is no folder ${folder} to download into`, error);
  }
}

/** @param rest `part`, or `PID.RANDOM.part` where a process was killed or still works. */
function isAbandoned(rest: string): boolean {
  const pid = Number(/^(\d+)\./.exec(rest)?.[1] ?? 0);
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** @returns how many bytes there are. */
async function hashFile(handle: fs.FileHandle, hash: Hash): Promise<number> {
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  let at = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return at;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

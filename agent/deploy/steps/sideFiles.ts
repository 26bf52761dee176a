import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../../artifact/syncFolder.ts';
import { ifThere, readJson, writeLasting } from '../../releases/lasting.ts';

/** A file as it is to be. */
export interface SideFile {
  /** Absolute. */
  path: string;
  content: string | Buffer;
  /** Its permission bits; 0644 when left out. */
  mode?: number | undefined;
  /** Whom it is given to; the agent's user when left out. */
  owner?: { uid: number; gid: number } | undefined;
}

/** A link as it is to be. */
export interface SideLink {
  /** Absolute. */
  path: string;
  /** What is written into it. */
  target: string;
}

export type SideEntry = SideFile | SideLink;

/** Changes files outside of a release. What was there before is on the disk before anything changes. */
export interface SideFiles {
  /** Puts a file there in one step, with the folders above it. */
  put(file: SideFile): Promise<void>;
  /** Puts a link there in one step. */
  link(path: string, target: string): Promise<void>;
  /** Takes a file or a link away, where there is one. */
  remove(path: string): Promise<void>;
}

/** What was at a path before a step changed it. */
type Before =
  | { kind: 'absent' }
  | { kind: 'link'; target: string }
  | { kind: 'file'; mode: number; uid: number; gid: number };

/** @param folder where what was there before is kept; made when it is needed. */
export function sideFiles(folder: string): SideFiles {
  return {
    async put(file) {
      await keep(folder, file.path);
      await writeInPlace(file);
    },
    async link(at, target) {
      await keep(folder, at);
      await inPlace(at, (staged) => fs.symlink(target, staged));
    },
    async remove(at) {
      await keep(folder, at);
      await fs.rm(at, { force: true });
      await syncIfThere(path.dirname(at));
    },
  };
}

/** Puts back all that was changed, the last change first. All of it is tried; fails with what could not be put back. */
export async function restoreSideFiles(folder: string): Promise<void> {
  const names = ((await ifThere(fs.readdir(folder))) ?? []).filter((name) => name.endsWith('.json'));
  const failures: string[] = [];
  for (const name of names.sort().reverse()) {
    const stem = path.join(folder, path.basename(name, '.json'));
    const kept = await readJson(`${stem}.json`);
    if (typeof kept?.path !== 'string') continue;
    await putBack(kept.path, kept.before as Before, `${stem}.content`).catch((error: Error) =>
      failures.push(`${kept.path}: ${error.message}`),
    );
  }
  if (failures.length > 0) throw new Error(failures.join('; '));
}

/** Keeps what is at a path; only what was there at first counts. */
async function keep(folder: string, at: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const digest = createHash('sha256').update(at).digest('hex').slice(0, 24);
  const names = (await fs.readdir(folder)).filter((name) => name.endsWith('.json'));
  if (names.some((name) => name.endsWith(`-${digest}.json`))) return;
  const stem = path.join(folder, `${String(names.length + 1).padStart(6, '0')}-${digest}`);
  const before = await look(at);
  if (before.kind === 'file') await copyLasting(at, `${stem}.content`);
  await writeLasting(`${stem}.json`, JSON.stringify({ path: at, before }));
}

async function look(at: string): Promise<Before> {
  const stat = await ifThere(fs.lstat(at));
  if (stat === undefined) return { kind: 'absent' };
  if (stat.isSymbolicLink()) return { kind: 'link', target: await fs.readlink(at) };
  if (stat.isFile()) return { kind: 'file', mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
  throw new Error(`${at} is neither a file nor a link: move it out of the way`);
}

async function copyLasting(from: string, to: string): Promise<void> {
  await fs.copyFile(from, to);
  await fs.chmod(to, 0o600);
  const handle = await fs.open(to, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function putBack(at: string, before: Before, content: string): Promise<void> {
  if (before.kind === 'absent') {
    await fs.rm(at, { force: true });
    return await syncIfThere(path.dirname(at));
  }
  if (before.kind === 'link') return await inPlace(at, (staged) => fs.symlink(before.target, staged));
  const { mode, uid, gid } = before;
  await writeInPlace({ path: at, content: await fs.readFile(content), mode, owner: { uid, gid } });
}

/** Puts a file there in one step, with the folders above it. */
export async function writeInPlace({ path: at, content, mode = 0o644, owner }: SideFile): Promise<void> {
  await inPlace(at, async (staged) => {
    const handle = await fs.open(staged, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      if (owner !== undefined && process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

/** Makes something beside a path, and puts it there in one step. */
async function inPlace(at: string, make: (staged: string) => Promise<void>): Promise<void> {
  const folder = path.dirname(at);
  await fs.mkdir(folder, { recursive: true });
  // A dot: programs that read all files of a folder leave it out.
  const staged = path.join(folder, `.${path.basename(at)}.strata-new`);
  await fs.rm(staged, { force: true });
  try {
    await make(staged);
    await fs.rename(staged, at);
  } catch (error) {
    await fs.rm(staged, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

async function syncIfThere(folder: string): Promise<void> {
  await ifThere(syncFolder(folder));
}

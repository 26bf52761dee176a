import fs from 'node:fs';
import { sep } from 'node:path';
import { checkCancelled } from '../cancelling.ts';
import type { ArtifactError } from '../failure.ts';
import { type FileWriter, fileWriter, type NewFile } from './fileWriter.ts';
import { checkTop } from './leftOut.ts';
import { linkFault } from './links.ts';
import { type ByteName, folderOf, foldersAbove, nameFault, shownName, systemPath } from './names.ts';
import { refusal } from './tarFields.ts';
import type { ReadEntry, TarSink } from './tarReader.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = fs.constants;

/** Nobody but the owner writes to what was unpacked, and no program runs as somebody else (setuid, setgid). */
const keptBits = 0o755;
const fileMode = (mode: number) => (mode & keptBits) | 0o600;
const folderMode = (mode: number) => (mode & keptBits) | 0o700;

/** A tree that is being unpacked. */
export interface Extraction extends TarSink {
  /** Makes the links, which must wait until nothing can be written through them, and dates the folders. */
  finish(signal: AbortSignal | undefined): Promise<void>;
  /** Waits while too much that was told is still on its way to the disk. */
  settled(): Promise<void>;
  /** Ends what is under way, and closes what is open; never fails. */
  close(): Promise<void>;
}

/** What the archive says of a folder itself; nothing where it only has something in it. */
type Folder = { mode: number; mtime: number } | undefined;

interface Work {
  /** The folder that is unpacked into. */
  into: ByteName;
  top: ByteName | undefined;
  /** Whether the process's umask takes nothing from the modes. */
  isExact: boolean;
  folders: Map<ByteName, Folder>;
  links: Map<ByteName, ReadEntry>;
  writer: FileWriter;
  /** The file whose bytes come now. */
  open: NewFile | undefined;
}

/**
 * Writes what a tar has into a new folder, whose every file, folder and link is made here: nothing that exists is opened,
 * and while files are written no link is there to be followed. Most of that is done synchronously, which takes less time for
 * thousands of small files.
 *
 * Its calls throw `refused` for what an archive must not have, and the system's errors.
 * @param into a new, empty folder
 * @param top the one folder that the archive has, where that is known
 */
export function extraction(into: ByteName, top: ByteName | undefined): Extraction {
  const isExact = (fs.statSync(systemPath(into)).mode & keptBits) === keptBits;
  const writer = fileWriter();
  const work: Work = { into, top, isExact, folders: new Map(), links: new Map(), writer, open: undefined };
  return {
    entry: (entry) => place(work, entry),
    data: (bytes) => {
      if (work.open !== undefined) writer.write(work.open, bytes);
    },
    fileEnd: () => endFile(work),
    settled: () => writer.settled(false),
    async finish(signal) {
      await writer.settled(true);
      await makeLinks(work, signal);
      await dateFolders(work, signal);
    },
    async close() {
      try {
        endFile(work);
        await writer.settled(true);
      } catch {
        // What went wrong was told, or the tree is thrown away.
      }
    },
  };
}

function pathOf({ into }: Work, name: ByteName): string | Buffer {
  return systemPath(`${into}/${name}`);
}

function place(work: Work, entry: ReadEntry): void {
  const { name, kind } = entry;
  // `./`: the folder that is unpacked into is the caller's.
  if (name === '') return;
  checkTop(entry, work.top);
  if (work.links.has(name)) throw twice(name);
  if (!work.folders.has(folderOf(name))) for (const one of foldersAbove(name)) ensureFolder(work, one);
  if (kind === 'folder') placeFolder(work, entry);
  else if (kind === 'link') placeLink(work, entry);
  else if (kind === 'hardLink') placeHardLink(work, entry);
  else placeFile(work, entry);
}

function ensureFolder(work: Work, name: ByteName): void {
  if (work.folders.has(name)) return;
  if (work.links.has(name))
    throw refusal(`${shownName(name)} is a link, and something is to be put behind it`);
  make(name, () => fs.mkdirSync(pathOf(work, name), keptBits));
  if (!work.isExact) fs.chmodSync(pathOf(work, name), keptBits);
  work.folders.set(name, undefined);
}

function placeFolder(work: Work, { name, mode, mtime }: ReadEntry): void {
  ensureFolder(work, name);
  if (work.folders.get(name) !== undefined) throw twice(name);
  work.folders.set(name, { mode: folderMode(mode), mtime });
}

/** On the disk it comes last; what already stands in its place must be seen now. */
function placeLink(work: Work, entry: ReadEntry): void {
  const { name } = entry;
  if (fs.lstatSync(pathOf(work, name), { throwIfNoEntry: false }) !== undefined) throw twice(name);
  work.links.set(name, entry);
}

function placeHardLink(work: Work, { name, target }: ReadEntry): void {
  const from = target.replace(/^(\.\/+)+/, '');
  const isInside =
    nameFault(from) === undefined && (work.top === undefined || from.startsWith(`${work.top}/`));
  // There are no links on the disk yet, so the path leads where it says.
  const isFile = isInside && fs.lstatSync(pathOf(work, from), { throwIfNoEntry: false })?.isFile() === true;
  if (!isFile) {
    throw refusal(
      `${shownName(name)} is a hard link to what is no file of the archive (${shownName(target)})`,
    );
  }
  make(name, () => fs.linkSync(pathOf(work, from), pathOf(work, name)));
}

function placeFile(work: Work, { name, mode: given, mtime }: ReadEntry): void {
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
  const mode = fileMode(given);
  const handle = make(name, () => fs.openSync(pathOf(work, name), flags, mode));
  const told = work.isExact ? undefined : mode;
  work.open = { handle, mtime, mode: told, at: 0, pending: 0, isWhole: false };
}

function endFile(work: Work): void {
  const { open } = work;
  work.open = undefined;
  if (open !== undefined) work.writer.end(open);
}

/** Makes what must not be there yet. */
function make<T>(name: ByteName, making: () => T): T {
  try {
    return making();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw twice(name);
    if (code === 'ENOTDIR') throw refusal(`${shownName(name)} is in what is no folder`);
    if (code === 'ENAMETOOLONG') throw refusal(`the path of ${shownName(name)} is too long for this disk`);
    throw error;
  }
}

function twice(name: ByteName): ArtifactError {
  return refusal(
    `${shownName(name)} is in it twice, or under two names that are one to this disk (capital and small letters)`,
  );
}

/** Between so many of them a signal is heard. */
const slice = 200;

async function makeLinks(work: Work, signal: AbortSignal | undefined): Promise<void> {
  const targets = new Map([...work.links.values()].map(({ name, target }) => [name, target]));
  const floor = work.top === undefined ? 0 : 1;
  // All are looked at before the first is made.
  await slowly(targets, signal, ([name, target]) => {
    const fault = linkFault(name, targets, floor);
    if (fault !== undefined) {
      throw refusal(`the symbolic link ${shownName(name)}: ${fault} (${shownName(target)})`);
    }
  });
  await slowly(work.links.values(), signal, ({ name, target, mtime }) => {
    make(name, () => fs.symlinkSync(systemPath(target), pathOf(work, name)));
    fs.lutimesSync(pathOf(work, name), mtime, mtime);
  });
  const inside = realPath(`${work.into}/${work.top ?? ''}`);
  await slowly(targets.keys(), signal, (name) => {
    // The disk has the last word: it may hold names for one that we tell apart.
    const end = realPath(`${work.into}/${name}`);
    if (end === undefined || end === inside || end.startsWith(`${inside}/`)) return;
    throw refusal(`the symbolic link ${shownName(name)}: it leads out of the archive`);
  });
}

/** Where a path leads; nothing where it leads to nothing. */
function realPath(path: ByteName): ByteName | undefined {
  try {
    return fs.realpathSync.native(systemPath(path), 'buffer').toString('latin1').replaceAll(sep, '/');
  } catch {
    return undefined;
  }
}

/** The inner ones first: what is made in a folder changes its time. */
async function dateFolders(work: Work, signal: AbortSignal | undefined): Promise<void> {
  const told = [...work.folders].sort(([a], [b]) => (a < b ? 1 : -1));
  await slowly(told, signal, ([name, folder]) => {
    if (folder === undefined) return;
    const path = pathOf(work, name);
    if (folder.mode !== keptBits) fs.chmodSync(path, folder.mode);
    fs.utimesSync(path, folder.mtime, folder.mtime);
  });
}

async function slowly<T>(
  all: Iterable<T>,
  signal: AbortSignal | undefined,
  work: (one: T) => void,
): Promise<void> {
  let done = 0;
  for (const one of all) {
    if (done++ % slice === 0) {
      await new Promise(setImmediate);
      checkCancelled(signal);
    }
    work(one);
  }
}

import fs from 'node:fs';
import { checkCancelled } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';
import type { TarEntry } from './header.ts';
import { linkFault } from './links.ts';
import { type ByteName, byteName, checkedName, foldersAbove, shownName, systemPath } from './names.ts';

/** Files of one folder that go into an archive. */
export interface PackSource {
  /** The folder, which gives the archive nothing but what is named. */
  root: string;
  /**
   * Paths below the folder with `/`; as bytes where they may be no text. A folder's name stands for the folder
   * alone, empty: see `listTree` for all that is in it.
   */
  names: readonly (string | Uint8Array)[];
}

/** An entry, and what the system said of it when it was planned: what is packed must be the same. */
export interface PlannedEntry extends TarEntry {
  /** The folder that it is in, and that the archive's folder stands for. */
  base: ByteName;
  /** In milliseconds since 1970, to a fraction of a microsecond. */
  changed: number;
  /** Its number on the disk. */
  inode: number;
}

/** Where an entry is on the disk. */
export function fileOf({ base, name }: PlannedEntry): string | Buffer {
  const inTop = name.indexOf('/');
  return systemPath(inTop === -1 ? base : base + name.slice(inTop));
}

/** A signal is looked at after so many files. */
const slice = 500;

/**
 * What goes into an archive, in the order of the names' bytes, folders on the way included. Where two sources
 * have the same name, the later one's file is taken.
 *
 * Throws `missing` for a name that is not there, `invalid` for one that cannot be, `refused` for what cannot be packed:
 * sockets, FIFOs, devices, links that lead out of the folder.
 */
export async function planEntries(
  top: ByteName,
  sources: readonly PackSource[],
  signal?: AbortSignal,
): Promise<PlannedEntry[]> {
  const entries = new Map<ByteName, PlannedEntry>();
  let seen = 0;
  for (const { root, names } of sources) {
    const base = byteName(root);
    const known = new Set<ByteName>();
    entries.set(top, plannedEntry(top, '', base));
    for (const given of names) {
      if (seen++ % slice === 0) await breathe(signal);
      const name = checkedName(given);
      for (const folder of foldersAbove(name)) {
        if (!known.has(folder)) put(entries, folderEntry(top, folder, base));
        known.add(folder);
      }
      put(entries, plannedEntry(top, name, base));
    }
  }
  checkLinks(entries);
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise(setImmediate);
  checkCancelled(signal);
}

function put(entries: Map<ByteName, PlannedEntry>, entry: PlannedEntry): void {
  const before = entries.get(entry.name);
  if (before !== undefined && (before.kind === 'folder') !== (entry.kind === 'folder')) {
    throw new ArtifactError(
      'refused',
      `${shownName(entry.name)} is a folder in one place and none in another: it cannot be packed as both`,
    );
  }
  entries.set(entry.name, entry);
}

function folderEntry(top: ByteName, name: ByteName, base: ByteName): PlannedEntry {
  const entry = plannedEntry(top, name, base);
  if (entry.kind === 'folder') return entry;
  throw new ArtifactError(
    'refused',
    `${shownName(name)} is no folder but a ${entry.kind === 'link' ? 'symbolic link' : 'file'}: ` +
      'name the files where they are',
  );
}

function plannedEntry(top: ByteName, name: ByteName, base: ByteName): PlannedEntry {
  const file = systemPath(name === '' ? base : `${base}/${name}`);
  const stat = lstat(file, name);
  const own = { base, changed: stat.mtimeMs, inode: stat.ino, isExecutable: (stat.mode & 0o100) !== 0 };
  const entry = { ...own, name: name === '' ? top : `${top}/${name}`, size: 0 };
  if (stat.isFile()) return { ...entry, kind: 'file', size: stat.size };
  if (stat.isDirectory()) return { ...entry, kind: 'folder' };
  if (stat.isSymbolicLink()) {
    return { ...entry, kind: 'link', target: fs.readlinkSync(file, 'buffer').toString('latin1') };
  }
  throw new ArtifactError(
    'refused',
    `${shownName(name)} cannot be packed: it is ${specialKind(stat)}, and an archive holds files, folders and ` +
      'symbolic links: leave it out',
  );
}

function lstat(file: string | Buffer, name: ByteName): fs.Stats {
  try {
    return fs.lstatSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    const what = isMissing ? 'it is not there' : message;
    throw new ArtifactError(
      isMissing ? 'missing' : 'unavailable',
      `${shownName(name || byteName(file))} cannot be packed: ${what}`,
      error,
    );
  }
}

function specialKind(stat: fs.Stats): string {
  if (stat.isSocket()) return 'a socket';
  if (stat.isFIFO()) return 'a FIFO';
  return 'a device';
}

function checkLinks(entries: ReadonlyMap<ByteName, PlannedEntry>): void {
  const links = new Map<ByteName, ByteName>();
  for (const { name, target } of entries.values()) if (target !== undefined) links.set(name, target);
  for (const [name, target] of links) {
    const fault = linkFault(name, links, 1);
    if (fault === undefined) continue;
    throw new ArtifactError(
      'refused',
      `the symbolic link ${shownName(name)} cannot be packed: ${fault} (${shownName(target)}). ` +
        'Let it lead to something in the archive, or leave it out',
    );
  }
}

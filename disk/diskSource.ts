import fs from 'node:fs';
import path from 'node:path';
import type { FileText, FolderEntry, LayerSource } from '../core/source.ts';

/** The largest layer that is read, in bytes: a larger file is not configuration, and would stall an editor. */
export const maxLayerBytes: number = 5 * 1024 * 1024;

/** Layers from the file system, read synchronously: for thousands of small files that is the fastest way. */
export function diskSource(): LayerSource {
  return { list: listFolder, read: readText };
}

/** A path of the operating system as the core writes it: absolute, with `/`. */
export function corePath(file: string): string {
  return path.resolve(file).replaceAll(path.sep, '/');
}

function listFolder(folder: string): FolderEntry[] | undefined {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
  return entries
    .flatMap((entry) => folderEntry(folder, entry))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function folderEntry(folder: string, entry: fs.Dirent): FolderEntry[] {
  const { name } = entry;
  if (entry.isDirectory()) return [{ name, kind: 'folder' }];
  if (!entry.isSymbolicLink()) return [{ name, kind: 'file' }];
  try {
    const target = fs.realpathSync(path.join(folder, name));
    return [fs.statSync(target).isDirectory() ? { name, kind: 'folder', target } : { name, kind: 'file' }];
  } catch {
    // A link to nowhere or in a circle: reading it as a file tells what is wrong.
    return [{ name, kind: 'file' }];
  }
}

function readText(file: string): FileText | undefined {
  try {
    const stat = fs.statSync(file);
    if (!stat.isFile()) return { error: 'this is no regular file' };
    return sizeFault(stat.size) ?? decode(fs.readFileSync(file));
  } catch (error) {
    return readFailure(file, error as NodeJS.ErrnoException);
  }
}

/** Why a file of that many bytes is not read; `undefined` for one that is. */
export function sizeFault(bytes: number): FileText | undefined {
  if (bytes <= maxLayerBytes) return undefined;
  const [size, most] = [bytes, maxLayerBytes].map((one) => (one / 1024 / 1024).toFixed(1));
  return { error: `the file has ${size} MB, and layers of up to ${most} MB are read` };
}

function readFailure(file: string, error: NodeJS.ErrnoException): FileText | undefined {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return isLink(file) ? { error: 'the file is a symbolic link to what is not there' } : undefined;
    case 'EACCES':
    case 'EPERM':
      return { error: 'the file may not be read: check its permissions' };
    case 'ELOOP':
      return { error: 'the file is a symbolic link that leads back to itself' };
    default:
      return { error: `the file cannot be read: ${error.message}` };
  }
}

function isLink(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** Decodes UTF-8 without its byte order mark; bytes that are no UTF-8 are a fault with a place. */
export function decode(bytes: Buffer): FileText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const text = new TextDecoder('utf-8').decode(bytes);
    const message = 'these bytes are no UTF-8: save the file with that encoding';
    return { text, fault: { message, offset: firstFault(bytes) } };
  }
}

/** The offset, in UTF-16 code units, of the first byte that does not belong in UTF-8. */
function firstFault(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (good < bad - 1) {
    const middle = (good + bad) >> 1;
    if (startsWell(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return new TextDecoder('utf-8').decode(bytes.subarray(0, good), { stream: true }).length;
}

function startsWell(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

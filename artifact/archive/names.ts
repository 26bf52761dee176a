import { ArtifactError } from '../failure.ts';

/**
 * A file's name as its bytes, one character (U+0000 to U+00FF) for each: names need not be text, and strings in this
 * form compare, and serve as keys, as their bytes do.
 */
export type ByteName = string;

/** A name, or a path with `/`, as its bytes. */
export function byteName(name: string | Uint8Array): ByteName {
  return (typeof name === 'string' ? Buffer.from(name) : Buffer.from(name)).toString('latin1');
}

/** The path for the file system: its very bytes. */
export function systemPath(name: ByteName): string | Buffer {
  return isAscii(name) ? name : Buffer.from(name, 'latin1');
}

/** Whether all bytes are below 128. */
export function isAscii(name: ByteName): boolean {
  for (let at = 0; at < name.length; at++) if (name.charCodeAt(at) > 127) return false;
  return true;
}

/** The name for a message: on one line, and as text where it is text. */
export function shownName(name: ByteName): string {
  const bytes = Buffer.from(name, 'latin1');
  const text = bytes.toString('utf8');
  const shown = Buffer.from(text).equals(bytes) ? text : name;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be shown otherwise.
  return /[\u0000-\u001f\u007f-\u009f]/.test(shown) ? JSON.stringify(shown) : shown;
}

/** The folders that a path leads through, from the outermost on. */
export function* foldersAbove(name: ByteName): Generator<ByteName> {
  for (let at = name.indexOf('/'); at !== -1; at = name.indexOf('/', at + 1)) yield name.slice(0, at);
}

/** The folder of a path; empty for one without. */
export function folderOf(name: ByteName): ByteName {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

/**
 * A path below a folder without `/` at its end; throws `invalid` where it is absolute, leads out of it or names
 * nothing.
 */
export function checkedName(given: string | Uint8Array): ByteName {
  const name = byteName(given).replace(/\/+$/, '');
  const fault = nameFault(name);
  if (fault === undefined) return name;
  throw new ArtifactError('invalid', `${shownName(byteName(given))} cannot be put into an archive: ${fault}`);
}

/** Why a path cannot be that of something in an archive; nothing for a good one. */
export function nameFault(name: ByteName): string | undefined {
  if (name === '') return 'it has no name';
  if (name.includes('\0')) return 'it has a NUL in its name';
  if (name.startsWith('/')) return 'its path is absolute';
  for (const part of name.split('/')) {
    if (part === '..') return 'its path has a .. in it';
    if (part === '.' || part === '') return 'its path is not written plainly';
    if (part.length > 255) return 'a part of its path has more than 255 bytes';
  }
  // There, these lead to other drives and folders.
  if (process.platform === 'win32' && /[\\:]/.test(name))
    return 'Windows cannot have it: it has \\ or : in it';
  return undefined;
}

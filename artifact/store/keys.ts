import { ArtifactError } from '../failure.ts';

/** The ending of the files that hold metadata in a directory, and so of no object's name. */
export const metaEnding = '.meta';

/** The folder of a store that is its own: what is under way, locks. No key leads there. */
export const workFolder = '.strata';

// `.meta` is put behind a name that may have 255 bytes.
const partPattern = /^[A-Za-z0-9_][A-Za-z0-9._+@=,~-]{0,249}$/;
const mostLetters = 900;

/** Whether this can be one part of a key: a name that every store and every file system takes. */
export function isKeyPart(part: string): boolean {
  return partPattern.test(part) && !part.endsWith(metaEnding);
}

/** Whether this can name an object. */
export function isKey(key: string): boolean {
  return key.length <= mostLetters && key.split('/').every(isKeyPart);
}

/** Refuses what cannot name an object: nothing may lead out of a store; `invalid`. */
export function checkKey(key: string): void {
  if (isKey(key)) return;
  throw new ArtifactError(
    'invalid',
    `${JSON.stringify(key)} cannot name an object: parts with / between them, of letters, digits and ._+@=,~-, ` +
      `that begin with a letter or a digit and do not end with ${metaEnding}`,
  );
}

/** Refuses what is neither empty nor a folder with `/` at its end; `invalid`. */
export function checkPrefix(prefix: string): void {
  if (prefix === '') return;
  if (!prefix.endsWith('/')) {
    throw new ArtifactError('invalid', `${JSON.stringify(prefix)} is no folder: a folder ends with /`);
  }
  checkKey(prefix.slice(0, -1));
}

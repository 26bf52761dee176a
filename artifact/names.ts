import { isName, nameRule } from '../core/text/names.ts';
import { ArtifactError } from './failure.ts';

/** What a repository, or a box that unpacks from it, uses itself. */
const taken: ReadonlySet<string> = new Set(['latest', 'unpack', 'live']);

/** Whether the text can name an app, a channel, an artifact or a version of one. */
export function isArtifactName(text: string): boolean {
  return isName(text) && !taken.has(text) && !text.endsWith('.meta');
}

/**
 * Refuses what cannot be a name, with the code `invalid`.
 * @param what what it would name, in words: `a version`.
 */
export function checkArtifactName(what: string, text: string): string {
  if (isArtifactName(text)) return text;
  const why = isName(text) ? '`latest`, `unpack`, `live` and `*.meta` mean something else' : nameRule;
  throw new ArtifactError('invalid', `${JSON.stringify(text)} cannot be the name of ${what}: ${why}`);
}

import { ArtifactError } from '../failure.ts';
import { isArtifactName } from '../names.ts';
import type { Series } from './repository.ts';

/**
 * Reads a list of what boxes run: a line `APP/CHANNEL/VERSION` each; empty lines and those that begin with `#` do not count. `invalid`
 * where a line is something else: a version must not go because its line was mistyped.
 * @param name of the list, for messages.
 */
export function inUse(name: string, text: string): (series: Series, version: string) => boolean {
  const used = new Set<string>();
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parts = line.split('/');
    if (parts.length !== 3 || !parts.every(isArtifactName)) {
      throw new ArtifactError(
        'invalid',
        `${name}:${index + 1}: ${JSON.stringify(line)} is not APP/CHANNEL/VERSION`,
      );
    }
    used.add(line);
  }
  return ({ app, channel }, version) => used.has(`${app}/${channel}/${version}`);
}

import { isArtifactName } from '../names.ts';
import type { Series } from './repository.ts';

/*
 * APP/CHANNEL/ARTIFACT/VERSION            the bytes
 * APP/CHANNEL/ARTIFACT/latest             the highest version, with a newline
 * APP/CHANNEL/ARTIFACT/_strata/…          what yodeploy does not know; it looks at no folders there
 */

/** What a series' objects start with. */
export function seriesPrefix({ app, channel, artifact }: Series): string {
  return `${app}/${channel}/${artifact}/`;
}

/** The key of a version's bytes. */
export function versionKey(series: Series, version: string): string {
  return seriesPrefix(series) + version;
}

/** The key of the text that names the latest version. */
export function latestKey(series: Series): string {
  return `${seriesPrefix(series)}latest`;
}

/** The key of the note that tells whether there is a list of versions, which saves listing many. */
export function indexKey(series: Series): string {
  return `${ownPrefix(series)}index.json`;
}

/** The prefix of such lists: the note names the one that counts. */
export function indexListPrefix(series: Series): string {
  return `${ownPrefix(series)}index/`;
}

/** The prefix of versions that are taken by builds which go on. */
export function reservedPrefix(series: Series): string {
  return `${ownPrefix(series)}reserved/`;
}

/** The prefix of signed manifests. */
export function manifestsPrefix(series: Series): string {
  return `${ownPrefix(series)}manifests/`;
}

/** The key of one upload's manifest: the upload's identity keeps two uploads of one version apart. */
export function manifestKey(series: Series, version: string, upload: string): string {
  return `${manifestsPrefix(series)}${version}.${upload}.json`;
}

/** The last part of a key below a prefix. */
export function nameBelow(prefix: string, key: string): string {
  return key.slice(prefix.length);
}

/** The version that an object of a series holds; nothing for what is no version. */
export function versionOf(series: Series, key: string): string | undefined {
  const name = nameBelow(seriesPrefix(series), key);
  return isArtifactName(name) ? name : undefined;
}

function ownPrefix(series: Series): string {
  return `${seriesPrefix(series)}_strata/`;
}

import fs from 'node:fs/promises';
import path from 'node:path';
import { ifThere, readJson, writeLasting } from './lasting.ts';
import type { AppPlaces } from './layout.ts';

/** A release that is whole. */
export interface Release {
  /**
   * Its folder's name in `versions`: the version, with `~2` and so on behind it where that version had been unpacked before. (A
   * release never changes; one that is deployed anew, with other configuration, is another.)
   */
  name: string;
  path: string;
  version: string;
  channel: string | undefined;
  /** When it was complete, in milliseconds since 1970. */
  completed: number;
  /** Which deployment made it. */
  deployment: string | undefined;
  /** One more than those of all that were complete before it, for the clock may be set back; 0 where nobody counted. */
  number: number;
}

/** What says that a release is whole: a file in its folder. */
const markerName = '.strata-release.json';

/** Marks a release of an app as whole; all the rest of it has to be on the disk. */
export async function markComplete(
  places: AppPlaces,
  folder: string,
  facts: { version: string; channel: string; completed: number; deployment: string },
): Promise<void> {
  const number = Math.max(0, ...(await releases(places)).map((one) => one.number)) + 1;
  await writeLasting(path.join(folder, markerName), `${JSON.stringify({ ...facts, number })}\n`);
}

/** The whole releases of an app, newest first. */
export async function releases(places: AppPlaces): Promise<Release[]> {
  const names = (await ifThere(fs.readdir(places.versions))) ?? [];
  const found = await Promise.all(names.map((name) => markedRelease(places, name)));
  return found
    .filter((one) => one !== undefined)
    .sort((a, b) => b.number - a.number || b.completed - a.completed);
}

/** The release that `live` or `previous` leads to. One that something else than this agent made may have no marker. */
export async function linkedRelease(
  places: AppPlaces,
  which: 'live' | 'previous',
): Promise<Release | undefined> {
  const target = await linkTarget(places[which]);
  const name = target === undefined ? undefined : path.basename(target);
  if (name === undefined || path.resolve(places.folder, target ?? '') !== path.join(places.versions, name)) {
    return undefined;
  }
  return (await markedRelease(places, name)) ?? (await foreignRelease(places, name));
}

/**
 * The release of a version that is here: the one before the live one where it is that, else the newest.
 * @param channel any when left out; one that something else made may be of any.
 */
export async function releaseOf(
  places: AppPlaces,
  version: string,
  channel: string | undefined,
): Promise<Release | undefined> {
  const isMeant = (one: Release) =>
    one.version === version && (one.channel === undefined || (channel ?? one.channel) === one.channel);
  const previous = await linkedRelease(places, 'previous');
  if (previous !== undefined && isMeant(previous)) return previous;
  return (await releases(places)).find(isMeant);
}

/** A name for the folder of a new release of a version. */
export async function freeName(places: AppPlaces, version: string): Promise<string> {
  const taken = new Set((await ifThere(fs.readdir(places.versions))) ?? []);
  if (!taken.has(version)) return version;
  for (let number = 2; ; number++) if (!taken.has(`${version}~${number}`)) return `${version}~${number}`;
}

async function markedRelease(places: AppPlaces, name: string): Promise<Release | undefined> {
  const folder = path.join(places.versions, name);
  const marker = await readJson(path.join(folder, markerName));
  if (typeof marker?.version !== 'string' || typeof marker.completed !== 'number') return undefined;
  const { version, channel, completed, deployment, number } = marker;
  return {
    name,
    path: folder,
    version,
    completed,
    channel: typeof channel === 'string' ? channel : undefined,
    deployment: typeof deployment === 'string' ? deployment : undefined,
    number: typeof number === 'number' && Number.isSafeInteger(number) ? number : 0,
  };
}

async function foreignRelease(places: AppPlaces, name: string): Promise<Release | undefined> {
  const folder = path.join(places.versions, name);
  const stat = await ifThere(fs.stat(folder));
  if (!stat?.isDirectory()) return undefined;
  const unknown = { channel: undefined, deployment: undefined, number: 0 };
  return { name, path: folder, version: name, completed: stat.mtimeMs, ...unknown };
}

async function linkTarget(link: string): Promise<string | undefined> {
  try {
    return await fs.readlink(link);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}

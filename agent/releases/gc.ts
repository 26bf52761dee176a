import fs from 'node:fs/promises';
import path from 'node:path';
import { dropAssets } from './assets.ts';
import { ifThere } from './lasting.ts';
import type { AppPlaces } from './layout.ts';
import { linkedRelease, type Release, releases } from './releases.ts';
import { removeRelease, removeTree } from './staging.ts';

/**
 * Takes away the releases that nobody needs: all but the live one, the previous one and the newest others; the virtualenvs and node
 * modules that none of those leads to; and the assets that none of them has and whose time is over. The app must be locked.
 * @param keep how many others stay.
 * @param needed names of more that stay.
 * @returns the names of the releases that went.
 */
export async function gcReleases(
  places: AppPlaces,
  keep: number,
  needed: readonly string[] = [],
): Promise<string[]> {
  const linked = await Promise.all([linkedRelease(places, 'live'), linkedRelease(places, 'previous')]);
  const stay = new Set([...linked.map((one) => one?.name), ...needed]);
  const all = await releases(places);
  const others = all.filter((one) => !stay.has(one.name));
  const gone = others.slice(keep).map((one) => one.name);
  for (const name of gone) await removeRelease(places, name);
  const left = all.filter((one) => !gone.includes(one.name));
  const kept = [...left, ...linked.filter((one) => one !== undefined)];
  for (const folder of [places.virtualenvs, places.modules]) await dropShared(folder, kept);
  await dropAssets(places, kept);
  return gone;
}

async function dropShared(within: string, kept: readonly Release[]): Promise<void> {
  const names = (await ifThere(fs.readdir(within))) ?? [];
  if (names.length === 0) return;
  const used = (await Promise.all(kept.map(({ path }) => linksOf(path)))).flat();
  for (const name of names) {
    const folder = path.join(await fs.realpath(within), name);
    const isUsed = used.some((one) => one === folder || one.startsWith(folder + path.sep));
    if (!isUsed) await removeTree(folder);
  }
}

/** Where the links right inside of a release lead to: one of them may be to its virtualenv or its node modules. */
async function linksOf(release: string): Promise<string[]> {
  const entries = (await ifThere(fs.readdir(release, { withFileTypes: true }))) ?? [];
  const links = entries.filter((one) => one.isSymbolicLink());
  const targets = links.map((one) => ifThere(fs.realpath(path.join(release, one.name))));
  return (await Promise.all(targets)).filter((one) => one !== undefined);
}

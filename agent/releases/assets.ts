import fs from 'node:fs/promises';
import path from 'node:path';
import { ifThere, readJson, writeLasting } from './lasting.ts';
import type { AppPlaces } from './layout.ts';
import type { Release } from './releases.ts';

/** What is known of the files that an app keeps of its releases. */
export interface AssetList {
  /** Where a release has them, by its path in it. */
  folder: string;
  /** How long one stays that no release on the box has, in milliseconds. */
  keepMs: number;
  /** When one was last of a release that was live, or became it, in milliseconds since 1970; by their paths in the folder. */
  seen: Record<string, number>;
}

/** The list; nothing where the app keeps none. */
export async function readAssets({ assetList }: AppPlaces): Promise<AssetList | undefined> {
  const found = await readJson(assetList);
  if (typeof found?.folder !== 'string' || typeof found.keepMs !== 'number') return undefined;
  if (typeof found.seen !== 'object' || found.seen === null) return undefined;
  const seen = Object.entries(found.seen).filter(
    (one): one is [string, number] => typeof one[1] === 'number',
  );
  return { folder: found.folder, keepMs: found.keepMs, seen: Object.fromEntries(seen) };
}

/** The files below a folder of a release, by their paths in it; links are none. */
export async function assetNames(folder: string): Promise<string[]> {
  const entries = (await ifThere(fs.readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}

/**
 * Takes away the kept files that no release has and whose time is over. The app must be locked.
 * @param now in milliseconds since 1970.
 * @returns their paths.
 */
export async function dropAssets(
  places: AppPlaces,
  kept: readonly Release[],
  now: number = Date.now(),
): Promise<string[]> {
  const list = await readAssets(places);
  if (list === undefined) return [];
  const had = await Promise.all(kept.map((one) => assetNames(path.join(one.path, list.folder))));
  const needed = new Set(had.flat());
  const gone = Object.entries(list.seen)
    .filter(([name, seen]) => !needed.has(name) && seen + list.keepMs <= now)
    .map(([name]) => name);
  if (gone.length === 0) return [];
  for (const name of gone) await removeAsset(places, name);
  // Last: what is not on the list is never taken away.
  for (const name of gone) delete list.seen[name];
  await writeLasting(places.assetList, JSON.stringify(list));
  return gone;
}

/** Takes a kept file away, and the folders above it that are empty then. */
export async function removeAsset({ assets }: AppPlaces, name: string): Promise<void> {
  const at = path.resolve(assets, name);
  if (!at.startsWith(assets + path.sep)) return;
  await fs.rm(at, { force: true });
  for (let folder = path.dirname(at); folder !== assets; folder = path.dirname(folder))
    if (!(await isRemoved(folder))) return;
}

async function isRemoved(folder: string): Promise<boolean> {
  try {
    await ifThere(fs.rmdir(folder));
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

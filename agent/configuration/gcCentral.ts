import fs from 'node:fs/promises';
import path from 'node:path';
import { isArtifactName } from '../../artifact/names.ts';
import { ifThere } from '../releases/lasting.ts';
import { type AppPlaces, appPlaces } from '../releases/layout.ts';
import { linkedRelease, releases } from '../releases/releases.ts';
import { removeRelease } from '../releases/staging.ts';
import { centralVersionOf } from './files.ts';

/**
 * Takes away the versions of the central config that nobody needs: all but the one that was used last, those that a release on this
 * box was configured with, and the newest others. Nobody may use one meanwhile.
 * @param keep how many others stay.
 * @returns what went.
 */
export async function gcCentral(root: string, central: string, keep: number): Promise<string[]> {
  const places = appPlaces(root, central);
  const names = ((await ifThere(fs.readdir(places.versions))) ?? []).filter(isArtifactName);
  const stay = await needed(root, places);
  const others = names.filter((name) => !stay.has(name));
  const dated = await Promise.all(
    others.map(async (name) => ({ name, at: (await fs.stat(path.join(places.versions, name))).ctimeMs })),
  );
  const gone = dated.sort((a, b) => b.at - a.at).slice(keep);
  for (const { name } of gone) await removeRelease(places, name);
  return gone.map(({ name }) => name);
}

async function needed(root: string, places: AppPlaces): Promise<Set<string | undefined>> {
  const live = await linkedRelease(places, 'live');
  // What was deployed as an app is looked after as one.
  const own = (await releases(places)).map(({ name }) => name);
  const apps = (await fs.readdir(root)).filter(isArtifactName);
  const sources = await Promise.all(apps.map((app) => sourcesOf(appPlaces(root, app))));
  return new Set([live?.name, ...own, ...sources.flat()]);
}

/** The versions of the central config that an app's releases were configured with. */
async function sourcesOf({ versions }: AppPlaces): Promise<(string | undefined)[]> {
  const names = (await ifThere(fs.readdir(versions))) ?? [];
  return await Promise.all(names.map((name) => centralVersionOf(path.join(versions, name))));
}

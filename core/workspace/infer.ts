import { layerStem, localEnvironment, reservedEnvironments, type Scheme } from '../layers/scheme.ts';
import type { LayerSource } from '../source.ts';
import { isName, nearestName } from '../text/names.ts';
import { baseName, joinPath } from '../text/paths.ts';
import { manifestNames } from './manifest.ts';
import type { App, Environment } from './workspace.ts';

/** Endings of a layer's name that have a meaning of their own, so that they name no environment. */
const ownMeaning: ReadonlySet<string> = new Set([...reservedEnvironments, 'local']);

/**
 * The apps of a workspace without a list of them: a name for every app folder, and the apps that only
 * central layers speak of.
 */
export function inferApps(
  source: LayerSource,
  scheme: Scheme,
  folders: readonly string[],
  configs: readonly string[],
): App[] {
  const withFolder = folders.map((folder) => ({ name: appName(source, scheme, folder), folder }));
  const named = withFolder.filter((app) => isName(app.name));
  const names = named.map((app) => app.name);
  const stems = configs.flatMap((folder) => stemsIn(source, scheme, folder));
  const others = centralApps(stems, new Set(names));
  return [...named, ...others.map((name) => ({ name }))];
}

/** An app is called as its default layer says, else as its folder. */
function appName(source: LayerSource, scheme: Scheme, folder: string): string {
  const stems = stemsIn(source, scheme, joinPath(folder, scheme.appDirectory));
  const defaults = stems.filter((stem) => stem.endsWith('-default'));
  const [only] = defaults;
  return defaults.length === 1 && only !== undefined ? only.slice(0, -'-default'.length) : baseName(folder);
}

/**
 * The apps that only central layers name: the part of each name before what is an environment's or has a
 * meaning of its own, where no known app explains it.
 */
function centralApps(stems: readonly string[], known: ReadonlySet<string>): string[] {
  const environments = new Set(stems.flatMap((stem) => behind('common', stem) ?? []));
  for (const end of ownMeaning) environments.delete(end);
  const names = stems
    .filter((stem) => !isShared(stem) && ownerOf(stem, known) === undefined)
    .map((stem) => withoutEnvironment(stem, environments))
    .filter((name) => isName(name) && nearestName(name, ['common', 'hostname']) === undefined);
  const shortest = [...new Set(names)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const apps: string[] = [];
  for (const name of shortest) {
    const shorter = apps.map((app) => behind(app, name)).find((end) => end !== undefined);
    if (shorter === undefined || namesApp(name, shorter, stems, environments)) apps.push(name);
  }
  return apps.sort();
}

/**
 * Whether `shop-admin` beside `shop` is an app: it has layers of its own, or its end is not even nearly one of
 * the environments that there are.
 */
function namesApp(
  name: string,
  end: string,
  stems: readonly string[],
  environments: ReadonlySet<string>,
): boolean {
  if (!stems.includes(name)) return false;
  if (stems.some((stem) => behind(name, stem) !== undefined)) return true;
  return environments.size > 0 && nearestName(end, environments) === undefined;
}

function withoutEnvironment(stem: string, environments: ReadonlySet<string>): string {
  const ends = [...environments, ...ownMeaning].filter((end) => stem.endsWith(`-${end}`));
  const longest = ends.sort((a, b) => b.length - a.length)[0];
  if (longest !== undefined) return stem.slice(0, -longest.length - 1);
  const withCluster = [...environments].map((name) => stem.indexOf(`-${name}-`)).filter((at) => at > 0);
  return withCluster.length === 0 ? stem : stem.slice(0, Math.min(...withCluster));
}

/**
 * The environments and clusters that the layers' names speak of. `common-production-us` is the cluster `us`
 * of `production` if some layer names `production` alone, or if several names share that beginning. A name
 * that stands in one file only and is a letter or two from a more frequent one counts as mistyped.
 */
export function inferEnvironments(
  source: LayerSource,
  scheme: Scheme,
  configs: readonly string[],
  apps: readonly App[],
): Environment[] {
  const folders = [
    ...configs,
    ...apps.flatMap((app) => (app.folder === undefined ? [] : [joinPath(app.folder, scheme.appDirectory)])),
  ];
  const owners = new Set(['common', ...apps.map((app) => app.name)]);
  const counts = new Map<string, number>();
  for (const stem of folders.flatMap((folder) => stemsIn(source, scheme, folder))) {
    const owner = ownerOf(stem, owners);
    const place = owner === undefined ? undefined : behind(owner, stem);
    if (place !== undefined && !ownMeaning.has(place)) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const places = [...counts.keys()].filter((place) => isName(place) && !isMistyped(place, counts));
  const environments = groupClusters(places.map((place) => withoutCluster(scheme, place)));
  const hasLocal = folders.some((folder) =>
    stemsIn(source, scheme, folder).some((stem) => stem.endsWith('-local')),
  );
  // Where no name speaks of an environment there is still the developer's machine.
  const isLocalOnly = environments.length === 0;
  return hasLocal || isLocalOnly ? [{ name: localEnvironment, clusters: [] }, ...environments] : environments;
}

/** The longest of the names that a layer's name is or begins with, before a dash. */
function ownerOf(stem: string, owners: ReadonlySet<string>): string | undefined {
  const heads = [
    stem,
    ...dashes(stem)
      .toReversed()
      .map((at) => stem.slice(0, at)),
  ];
  return heads.find((head) => owners.has(head));
}

/** `production-None` speaks of `production` in a context without a cluster. */
function withoutCluster(scheme: Scheme, place: string): string {
  const end = `-${scheme.noCluster}`;
  return place.endsWith(end) ? place.slice(0, -end.length) : place;
}

function groupClusters(places: readonly string[]): Environment[] {
  const heads = (place: string) => dashes(place).map((at) => place.slice(0, at));
  const named = (place: string) => heads(place).find((head) => places.includes(head));
  const unnamed = places.filter((place) => named(place) === undefined);
  const shared = (head: string) => unnamed.filter((place) => place.startsWith(`${head}-`)).length > 1;
  const environments = new Map<string, string[]>();
  for (const place of [...new Set(places)].sort()) {
    const head = named(place) ?? heads(place).find(shared);
    const clusters = environments.get(head ?? place) ?? [];
    if (head !== undefined) clusters.push(place.slice(head.length + 1));
    environments.set(head ?? place, clusters);
  }
  return [...environments].map(([name, clusters]) => ({ name, clusters }));
}

function dashes(text: string): number[] {
  return [...text.matchAll(/-/g)].map((match) => match.index).filter((at) => at > 0);
}

function isMistyped(place: string, counts: ReadonlyMap<string, number>): boolean {
  if (counts.get(place) !== 1 || place.length < 5) return false;
  const frequent = [...counts].filter(([, count]) => count > 1).map(([name]) => name);
  return nearestName(place, frequent) !== undefined;
}

/** What stands behind `NAME-`; `undefined` if the stem is no longer form of that name. */
function behind(name: string, stem: string): string | undefined {
  return stem.startsWith(`${name}-`) ? stem.slice(name.length + 1) : undefined;
}

function isShared(stem: string): boolean {
  return /^(common|hostname)(-|$)/.test(stem);
}

function stemsIn(source: LayerSource, scheme: Scheme, folder: string): string[] {
  return (source.list(folder) ?? [])
    .filter((entry) => entry.kind === 'file' && !manifestNames.includes(entry.name))
    .flatMap((entry) => layerStem(scheme, entry.name)?.stem ?? [])
    .filter((stem) => !scheme.notLayers.includes(stem));
}

import type { CallOptions, ObjectPage } from '../store/store.ts';
import { compareVersions } from '../versionOrder.ts';
import { latest } from './latest.ts';
import { seriesPrefix, versionOf } from './layout.ts';
import type { Repository, Series } from './repository.ts';
import { indexedVersions, makeIndex, putIndexAside, readIndex, type VersionInfo } from './versionIndex.ts';

/** From so many objects in a first page on there may be more pages. */
const manyObjects = 900;
/** In milliseconds: a list is not relied on for longer, since other programs can delete without a trace. */
const mostAge = 24 * 60 * 60 * 1000;

/** The versions of a series, and the one that is marked as the latest. */
export interface KnownVersions {
  versions: VersionInfo[];
  latest: string | undefined;
}

/** The versions of a series, lowest first. */
export async function versions(
  repo: Repository,
  series: Series,
  options: CallOptions = {},
): Promise<VersionInfo[]> {
  return (await knownVersions(repo, series, options)).versions;
}

/**
 * The versions of a series, lowest first, and which is the latest. Up to some hundred are listed; for more there is a list in
 * the store (`versionIndex.ts`), which is relied on where it agrees with `latest` and with the first page of the listing.
 */
export async function knownVersions(
  repo: Repository,
  series: Series,
  options: CallOptions = {},
): Promise<KnownVersions> {
  const pages = repo.store.list(seriesPrefix(series), { ...options, flat: false })[Symbol.asyncIterator]();
  const [first, marked] = await Promise.all([pages.next(), latest(repo, series, options)]);
  const page = first.done ? [] : versionsIn(series, first.value);
  const asListed = () => listedBefore(repo, series, page, marked, options);
  const known = page.length >= manyObjects ? await asListed() : undefined;
  const isWhole = known === undefined && (await pages.next()).done === true;
  if (isWhole) return { versions: sorted(page), latest: marked };
  await pages.return?.();
  // Some stores give shorter pages.
  const late = page.length < manyObjects ? await asListed() : known;
  return { versions: sorted(late ?? (await listAndKeep(repo, series, options))), latest: marked };
}

/** The versions of a series, each of them listed: for work that must miss none. Lowest first. */
export async function listedVersions(
  repo: Repository,
  series: Series,
  options: CallOptions = {},
): Promise<VersionInfo[]> {
  return sorted(await listAll(repo, series, options));
}

async function listAll(repo: Repository, series: Series, options: CallOptions): Promise<VersionInfo[]> {
  const found: VersionInfo[] = [];
  for await (const page of repo.store.list(seriesPrefix(series), { ...options, flat: false })) {
    found.push(...versionsIn(series, page));
  }
  return found;
}

/** What the list says, where it is young and agrees with what can be seen. */
async function listedBefore(
  repo: Repository,
  series: Series,
  page: readonly VersionInfo[],
  marked: string | undefined,
  options: CallOptions,
): Promise<VersionInfo[] | undefined> {
  const note = await readIndex(repo, series, options);
  if (note === undefined || note.latest !== marked || repo.now() - note.listed > mostAge) return undefined;
  const known = await indexedVersions(repo, series, note, options);
  // A page that is all of it is the truth itself.
  if (known === undefined || known.length <= page.length) return undefined;
  return agrees(known, page) ? known : undefined;
}

/** Whether a list has the same versions up to the last one of a page, which is in the order of names. */
function agrees(listed: readonly VersionInfo[], page: readonly VersionInfo[]): boolean {
  const last = page.at(-1)?.version ?? '';
  const sizes = new Map(listed.filter((one) => one.version <= last).map((one) => [one.version, one.size]));
  return sizes.size === page.length && page.every((one) => sizes.get(one.version) === one.size);
}

/** Lists everything and keeps it for the next time, unless the series changes meanwhile or cannot be written to. */
async function listAndKeep(repo: Repository, series: Series, options: CallOptions): Promise<VersionInfo[]> {
  const aside = await asideWherePossible(repo, series);
  const marked = aside === undefined ? undefined : await latest(repo, series, options);
  const found = await listAll(repo, series, options);
  if (aside !== undefined)
    await makeIndex(repo, series, aside, found, { latest: marked, listed: repo.now() });
  return found;
}

/** Whoever may only read lists all pages every time. */
async function asideWherePossible(repo: Repository, series: Series): ReturnType<typeof putIndexAside> {
  try {
    return await putIndexAside(repo, series, true);
  } catch {
    return undefined;
  }
}

function versionsIn(series: Series, page: ObjectPage): VersionInfo[] {
  return page.objects.flatMap(({ key, size, modified }) => {
    const version = versionOf(series, key);
    return version === undefined ? [] : [{ version, size, modified }];
  });
}

function sorted(versions: readonly VersionInfo[]): VersionInfo[] {
  return [...versions].sort((a, b) => compareVersions(a.version, b.version));
}

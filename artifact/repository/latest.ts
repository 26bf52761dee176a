import { isArtifactName } from '../names.ts';
import type { CallOptions } from '../store/store.ts';
import { compareVersions } from '../versionOrder.ts';
import { latestKey } from './layout.ts';
import type { Repository, Series } from './repository.ts';
import { isFailure, readText, type StoredText } from './texts.ts';

/** A version's name and white space around it. */
const mostBytes = 1024;

/** The version that is marked as the latest; nothing where none is, or where the mark names none. */
export async function latest(
  repo: Repository,
  series: Series,
  options: CallOptions = {},
): Promise<string | undefined> {
  return versionIn(await readLatest(repo, series, options));
}

/**
 * Marks a version as the latest unless a higher one is: of several at once the highest is marked in the end, and no upload takes
 * the mark back.
 * @returns the version that is marked then.
 */
export async function raiseLatest(repo: Repository, series: Series, version: string): Promise<string> {
  for (;;) {
    const before = await readLatest(repo, series, {});
    const marked = versionIn(before);
    if (marked !== undefined && compareVersions(marked, version) >= 0) return marked;
    if (await swapLatest(repo, series, version, before)) return version;
  }
}

/** Takes the mark from a version that goes, and gives it to the one before; nothing happens where it marks another. */
export async function lowerLatest(
  repo: Repository,
  series: Series,
  from: string,
  to: string | undefined,
): Promise<void> {
  for (;;) {
    const before = await readLatest(repo, series, {});
    if (versionIn(before) !== from) return;
    if (to === undefined) return await repo.store.delete(latestKey(series));
    if (await swapLatest(repo, series, to, before)) return;
  }
}

function readLatest(repo: Repository, series: Series, options: CallOptions): Promise<StoredText | undefined> {
  return readText(repo.store, latestKey(series), mostBytes, options);
}

function versionIn(stored: StoredText | undefined): string | undefined {
  const version = stored?.text.trim() ?? '';
  return isArtifactName(version) ? version : undefined;
}

/** Whether nobody else was first. */
async function swapLatest(
  repo: Repository,
  series: Series,
  version: string,
  before: StoredText | undefined,
): Promise<boolean> {
  try {
    await repo.store.swap(latestKey(series), `${version}\n`, before?.tag);
    return true;
  } catch (error) {
    if (isFailure(error, 'conflict')) return false;
    throw error;
  }
}

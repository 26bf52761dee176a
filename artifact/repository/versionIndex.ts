import { randomBytes } from 'node:crypto';
import { isObject, parsed } from '../signing/manifest.ts';
import type { CallOptions } from '../store/store.ts';
import { indexKey } from './layout.ts';
import type { Repository, Series } from './repository.ts';
import { isFailure, readText } from './texts.ts';

/*
 * Listing ten thousand objects takes ten calls on S3, reading a list of them takes one. The list is made by whoever had to list
 * many. Whoever changes a series puts the list aside first and back afterwards, with the change: should it die in between, or
 * somebody else change the series too, the list stays aside, and the next one to ask makes it anew. So a list that is not aside
 * lacks nothing that Strata did. What yodeploy uploads moves `latest`, which the list notes.
 */

/** A version as a listing tells it. */
export interface VersionInfo {
  version: string;
  /** In bytes. */
  size: number;
  /** When it was uploaded, in milliseconds since 1970. */
  modified: number;
}

/** The list of a series' versions. */
export interface VersionIndex {
  /** What `latest` said when it was made. */
  latest: string | undefined;
  /** When all objects were listed last, in milliseconds since 1970. */
  listed: number;
  versions: VersionInfo[];
}

/** The list as it was found: its tag, and what it says unless it is aside. */
export interface FoundIndex {
  tag: string;
  index: VersionIndex | undefined;
}

/** A list that was put aside. */
export interface AsideIndex {
  tag: string;
  before: VersionIndex | undefined;
}

/** A million versions. */
const mostBytes = 128 * 1024 * 1024;

/** Reads the list; nothing where there is none. */
export async function readIndex(
  repo: Repository,
  series: Series,
  options: CallOptions,
): Promise<FoundIndex | undefined> {
  const stored = await readText(repo.store, indexKey(series), mostBytes, options);
  return stored === undefined ? undefined : { tag: stored.tag, index: indexFrom(stored.text) };
}

/**
 * Puts the list aside before a change. Nothing where there is none; with `make`, one that is aside is made then.
 */
export async function putIndexAside(
  repo: Repository,
  series: Series,
  make = false,
): Promise<AsideIndex | undefined> {
  for (;;) {
    const found = await readIndex(repo, series, {});
    if (found === undefined && !make) return undefined;
    // Each one that is put aside differs from all others, so that only who put it there can put it back.
    const aside = JSON.stringify({ aside: randomBytes(8).toString('hex') });
    const tag = await swapIndex(repo, series, aside, found?.tag);
    if (tag !== undefined) return { tag, before: found?.index };
  }
}

/** Puts a list back unless somebody else has put it aside since. */
export async function putIndexBack(
  repo: Repository,
  series: Series,
  aside: AsideIndex,
  index: VersionIndex,
): Promise<void> {
  await swapIndex(repo, series, indexText(index), aside.tag);
}

/**
 * After a change for which there was no list to put aside: one that somebody began to make meanwhile may lack the change, so it is put aside.
 */
export async function doubtIndex(repo: Repository, series: Series): Promise<void> {
  await putIndexAside(repo, series);
}

/** The new tag; nothing where somebody else was first. */
async function swapIndex(
  repo: Repository,
  series: Series,
  text: string,
  expected: string | undefined,
): Promise<string | undefined> {
  try {
    return (await repo.store.swap(indexKey(series), text, expected)).tag;
  } catch (error) {
    if (isFailure(error, 'conflict')) return undefined;
    throw error;
  }
}

function indexText({ latest, listed, versions }: VersionIndex): string {
  const rows = versions.map(({ version, size, modified }) => [version, size, modified]);
  return JSON.stringify({ latest, listed, versions: rows });
}

function indexFrom(text: string): VersionIndex | undefined {
  const value = parsed(text);
  if (!isObject(value) || !Array.isArray(value.versions) || typeof value.listed !== 'number')
    return undefined;
  const latest = typeof value.latest === 'string' ? value.latest : undefined;
  const versions = value.versions.flatMap((row: unknown) =>
    Array.isArray(row) ? [{ version: String(row[0]), size: Number(row[1]), modified: Number(row[2]) }] : [],
  );
  return { latest, listed: value.listed, versions };
}

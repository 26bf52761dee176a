import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { isObject, parsed } from '../signing/manifest.ts';
import type { CallOptions } from '../store/store.ts';
import { indexKey, indexListPrefix } from './layout.ts';
import type { Repository, Series } from './repository.ts';
import { isFailure, readText } from './texts.ts';

/*
 * Listing ten thousand objects takes ten calls on S3, reading a list of them takes two: of a small note, which is changed by
 * compare-and-set, and of the list that it names. The list is made by whoever had to list many; uploads are added in the note. Whoever
 * changes a series puts the note aside first and back afterwards, with the change: should it die in between, or somebody else
 * change the series too, the note stays aside, and the next one to ask makes a list anew. So a note that is not aside lacks
 * nothing that Strata did. What yodeploy uploads moves `latest`, which the note tells too.
 */

/** A version as a listing tells it. */
export interface VersionInfo {
  version: string;
  /** In bytes. */
  size: number;
  /** When it was uploaded, in milliseconds since 1970. */
  modified: number;
}

/** What the note says. */
export interface IndexNote {
  /** The name of the list. */
  list: string;
  /** What was uploaded since the list was made. */
  added: VersionInfo[];
  /** What `latest` said then. */
  latest: string | undefined;
  /** When all objects were listed last, in milliseconds since 1970. */
  listed: number;
}

/** A note that was put aside. */
export interface AsideNote {
  tag: string;
  /** What it said, unless it was aside already. */
  before: IndexNote | undefined;
  /** The list that there was last. */
  lastList: string | undefined;
}

/** A note is a small text, and a list of a million versions is no small one. */
const mostNoteBytes = 64 * 1024;
const mostListBytes = 128 * 1024 * 1024;
/** How many uploads the note takes before a list is made anew. */
const mostAdded = 500;

/** Reads the note; nothing where there is none, or where it is aside. */
export async function readIndex(
  repo: Repository,
  series: Series,
  options: CallOptions,
): Promise<IndexNote | undefined> {
  const stored = await readText(repo.store, indexKey(series), mostNoteBytes, options);
  return stored === undefined ? undefined : noteFrom(stored.text).note;
}

/** The versions that a note stands for; nothing where its list was replaced meanwhile. */
export async function indexedVersions(
  repo: Repository,
  series: Series,
  note: IndexNote,
  options: CallOptions,
): Promise<VersionInfo[] | undefined> {
  const stored = await readText(repo.store, listKey(series, note.list), mostListBytes, options);
  const value = stored === undefined ? undefined : parsed(stored.text);
  return Array.isArray(value) ? [...rowsFrom(value), ...note.added] : undefined;
}

/** Puts the note aside before a change. Nothing where there is none, unless one that is aside is to be made then. */
export async function putIndexAside(
  repo: Repository,
  series: Series,
  make = false,
): Promise<AsideNote | undefined> {
  for (;;) {
    const stored = await readText(repo.store, indexKey(series), mostNoteBytes, {});
    if (stored === undefined && !make) return undefined;
    const { note, lastList } = noteFrom(stored?.text ?? '');
    // Each one that is put aside differs from all others, so that only who put it there can put it back.
    const aside = JSON.stringify({ aside: randomBytes(8).toString('hex'), lastList });
    const tag = await swapNote(repo, series, aside, stored?.tag);
    if (tag !== undefined) return { tag, before: note, lastList };
  }
}

/** Puts a note back with what was uploaded, unless somebody else has put it aside since. */
export async function putIndexBack(
  repo: Repository,
  series: Series,
  aside: AsideNote,
  note: IndexNote,
): Promise<void> {
  if (note.added.length <= mostAdded) await swapNote(repo, series, noteText(note), aside.tag);
}

/** Makes a list anew and a note of it, unless somebody else has changed the series since. */
export async function makeIndex(
  repo: Repository,
  series: Series,
  aside: AsideNote,
  versions: readonly VersionInfo[],
  { latest, listed }: Pick<IndexNote, 'latest' | 'listed'>,
): Promise<void> {
  const list = `${randomBytes(8).toString('hex')}.json`;
  await repo.store.create(listKey(series, list), Readable.from([JSON.stringify(rows(versions))]));
  const note = { list, added: [], latest, listed };
  const isMade = (await swapNote(repo, series, noteText(note), aside.tag)) !== undefined;
  const useless = isMade ? aside.lastList : list;
  if (useless !== undefined) await repo.store.delete(listKey(series, useless));
}

/**
 * After a change for which there was no note to put aside: one that somebody began to make meanwhile may lack the change, so it is put aside.
 */
export async function doubtIndex(repo: Repository, series: Series): Promise<void> {
  await putIndexAside(repo, series);
}

function listKey(series: Series, list: string): string {
  return indexListPrefix(series) + list;
}

/** The new tag; nothing where somebody else was first. */
async function swapNote(
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

function noteText({ added, ...note }: IndexNote): string {
  return JSON.stringify({ ...note, added: rows(added) });
}

function noteFrom(text: string): { note: IndexNote | undefined; lastList: string | undefined } {
  const value = parsed(text);
  if (!isObject(value)) return { note: undefined, lastList: undefined };
  const { list, added, latest, listed, lastList } = value;
  if (!isListName(list) || !Array.isArray(added) || typeof listed !== 'number') {
    return { note: undefined, lastList: isListName(lastList) ? lastList : undefined };
  }
  const marked = typeof latest === 'string' ? latest : undefined;
  return { note: { list, added: rowsFrom(added), latest: marked, listed }, lastList: list };
}

/** The name comes from the store, and must not lead elsewhere. */
function isListName(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}\.json$/.test(value);
}

function rows(versions: readonly VersionInfo[]): unknown[] {
  return versions.map(({ version, size, modified }) => [version, size, modified]);
}

function rowsFrom(rows: readonly unknown[]): VersionInfo[] {
  return rows.flatMap((row) =>
    Array.isArray(row) ? [{ version: String(row[0]), size: Number(row[1]), modified: Number(row[2]) }] : [],
  );
}

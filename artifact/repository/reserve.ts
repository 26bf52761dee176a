import { randomBytes } from 'node:crypto';
import { ArtifactError } from '../failure.ts';
import { isObject, parsed } from '../signing/manifest.ts';
import type { CallOptions } from '../store/store.ts';
import { nameBelow, reservedPrefix, versionKey } from './layout.ts';
import { nextVersion } from './nextVersion.ts';
import { type Repository, type Series, seriesText } from './repository.ts';
import { isFailure, readText } from './texts.ts';
import { versions } from './versions.ts';

/** A version that a build has taken for itself. */
export interface Reservation {
  version: string;
  /** Tells who took it apart from all others. */
  token: string;
}

/** What is told to others of who took a version. */
export interface ReserveOptions extends CallOptions {
  /** A build that is not the channel's own: 7.1 behind 7. */
  isLocal?: boolean | undefined;
  builder?: string | undefined;
}

/** In milliseconds: whoever has not uploaded by then has died, and its version may be uploaded by others. */
const reservationLasts = 24 * 60 * 60 * 1000;
const mostBytes = 4096;

/**
 * Takes the version behind all that are there and all that are taken. Two at once never get the same one: a version is taken by making an
 * object for it, which only one can. A number that was taken and never uploaded stays unused until `gc` lets it go.
 */
export async function reserveVersion(
  repo: Repository,
  series: Series,
  { isLocal = false, builder = '', ...options }: ReserveOptions = {},
): Promise<Reservation> {
  const token = randomBytes(8).toString('hex');
  const taken = new Set(await reservedVersions(repo, series, options));
  const published = (await versions(repo, series, options)).map((one) => one.version);
  let version = nextVersion(published, isLocal);
  for (;;) {
    while (taken.has(version)) version = nextVersion([version], isLocal);
    if (await take(repo, series, { version, token }, builder)) {
      const isFree = (await repo.store.head(versionKey(series, version), options)) === undefined;
      if (isFree) return { version, token };
      // Somebody uploaded it after the versions were listed.
      await releaseReservation(repo, series, { version, token });
    }
    taken.add(version);
  }
}

/** Gives a version back that is not going to be uploaded; somebody else's stays. */
export async function releaseReservation(
  repo: Repository,
  series: Series,
  { version, token }: Reservation,
): Promise<void> {
  const kept = await readReservation(repo, series, version, {});
  if (kept?.token === token) await repo.store.delete(reservedPrefix(series) + version);
}

/** Refuses a version that somebody else has taken, with the code `conflict`; one that was taken long ago counts no more. */
export async function checkNotReserved(
  repo: Repository,
  series: Series,
  version: string,
  own: Reservation | undefined,
  options: CallOptions,
): Promise<void> {
  const kept = await readReservation(repo, series, version, options);
  if (kept === undefined || kept.token === own?.token || isOver(repo, kept.created)) return;
  const who = kept.builder === '' ? 'a build' : kept.builder;
  throw new ArtifactError(
    'conflict',
    `${seriesText(series)} ${version} was taken by ${who} at ${new Date(kept.created).toISOString()}: take another version`,
  );
}

/** The versions that are taken. */
export async function reservedVersions(
  repo: Repository,
  series: Series,
  options: CallOptions,
): Promise<string[]> {
  const prefix = reservedPrefix(series);
  const found: string[] = [];
  for await (const page of repo.store.list(prefix, { ...options, flat: true })) {
    found.push(...page.objects.map(({ key }) => nameBelow(prefix, key)));
  }
  return found;
}

/** Lets go of versions that were taken so long ago that whoever took them has died. */
export async function sweepReservations(
  repo: Repository,
  series: Series,
  options: CallOptions,
): Promise<void> {
  const prefix = reservedPrefix(series);
  for await (const page of repo.store.list(prefix, { ...options, flat: true })) {
    for (const { key, modified } of page.objects) {
      if (isOver(repo, modified)) await repo.store.delete(key, options);
    }
  }
}

function isOver(repo: Repository, since: number): boolean {
  return repo.now() - since > reservationLasts;
}

/** Whether nobody else had taken it. */
async function take(
  repo: Repository,
  series: Series,
  { version, token }: Reservation,
  builder: string,
): Promise<boolean> {
  const text = JSON.stringify({ token, builder, created: repo.now() });
  try {
    await repo.store.swap(reservedPrefix(series) + version, text, undefined);
    return true;
  } catch (error) {
    if (isFailure(error, 'conflict')) return false;
    throw error;
  }
}

interface Kept {
  token: string;
  builder: string;
  created: number;
}

async function readReservation(
  repo: Repository,
  series: Series,
  version: string,
  options: CallOptions,
): Promise<Kept | undefined> {
  const stored = await readText(repo.store, reservedPrefix(series) + version, mostBytes, options);
  const value = stored === undefined ? undefined : parsed(stored.text);
  if (!isObject(value)) return undefined;
  return { token: String(value.token), builder: String(value.builder), created: Number(value.created) };
}

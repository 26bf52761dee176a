import { ArtifactError } from '../failure.ts';
import { checkArtifactName } from '../names.ts';
import { type Judged, judge } from '../signing/judge.ts';
import type { CallOptions } from '../store/store.ts';
import { latest } from './latest.ts';
import { type Found, lookUp } from './lookUp.ts';
import type { Metadata } from './metadata.ts';
import { type Repository, type Series, seriesText } from './repository.ts';

/** A version of an artifact, with all that is known of it. */
export interface Artifact extends Series {
  version: string;
  /** In bytes. */
  size: number;
  /** Of its bytes; nothing where nobody said so. */
  sha256: string | undefined;
  /** When it was made, and until when it may be used, as in `2026-02-28T13:45:00.000Z`. */
  created: string;
  expires: string | undefined;
  /** The channel that it came from, where it was promoted. */
  promotedFrom: string | undefined;
  /** The name of the trusted key that signed it. */
  signedBy: string | undefined;
  metadata: Metadata;
}

/** What may be asked of a version beside that it is trusted. */
export interface Asked extends CallOptions {
  /** The version; the latest when left out. */
  version?: string | undefined;
  /** The lowest version that may be used: one below is `refused`. */
  minimum?: string | undefined;
}

/** What is known of a version that may be used here; `missing`, `refused`. None of its bytes are read. */
export async function head(repo: Repository, series: Series, asked: Asked = {}): Promise<Artifact> {
  const version = await chosenVersion(repo, series, asked);
  const found = await lookUp(repo, series, version, asked);
  return asArtifact(series, version, found, judgeFound(repo, series, version, found, asked.minimum));
}

/** The version that is asked for; `missing` where it is the latest and none is. */
export async function chosenVersion(repo: Repository, series: Series, asked: Asked): Promise<string> {
  if (asked.version !== undefined) return checkArtifactName('a version', asked.version);
  const marked = await latest(repo, series, asked);
  if (marked !== undefined) return marked;
  throw new ArtifactError(
    'missing',
    `${seriesText(series)} (${series.artifact}) has no latest version in ${repo.store.url}`,
  );
}

/** Whether what was found may be used; `refused`. */
export function judgeFound(
  repo: Repository,
  series: Series,
  version: string,
  found: Found,
  minimum?: string,
): Judged {
  return judge(found.envelope, { ...series, version, minimum, now: repo.now() }, repo.trust);
}

/** What is told of a version that was found. */
export function asArtifact(series: Series, version: string, found: Found, judged: Judged): Artifact {
  const { manifest } = found.envelope ?? {};
  return {
    ...series,
    version,
    size: found.head.size,
    sha256: found.sha256,
    created: manifest?.created ?? new Date(found.head.modified).toISOString(),
    expires: manifest?.expires,
    promotedFrom: manifest?.promotedFrom,
    signedBy: judged.signedBy,
    metadata: found.metadata,
  };
}

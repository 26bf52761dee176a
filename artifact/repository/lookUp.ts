import { ArtifactError } from '../failure.ts';
import { type Envelope, openEnvelope } from '../signing/envelope.ts';
import { refused } from '../signing/judge.ts';
import type { CallOptions, ObjectHead } from '../store/store.ts';
import { manifestKey, versionKey } from './layout.ts';
import { type Metadata, plainMetadata } from './metadata.ts';
import { type Repository, type Series, seriesText } from './repository.ts';
import { readText } from './texts.ts';

/** What a repository holds of a version. */
export interface Found {
  head: ObjectHead;
  /** Nothing where it was not uploaded by Strata. */
  envelope: Envelope | undefined;
  /** All that is known of it, under the names of `metadata.ts`. */
  metadata: Metadata;
  /** Of its bytes, as far as somebody said so. */
  sha256: string | undefined;
}

const mostManifestBytes = 1024 * 1024;

/** Finds a version, and what is said of it; `missing`, and `refused` where that does not fit together. */
export async function lookUp(
  repo: Repository,
  series: Series,
  version: string,
  options: CallOptions,
): Promise<Found> {
  const head = await repo.store.head(versionKey(series, version), options);
  if (head === undefined) throw noVersion(repo, series, version);
  const stored = plainMetadata(head.metadata);
  const envelope = await envelopeOf(repo, series, version, stored.manifest, options);
  if (envelope !== undefined && envelope.manifest.size !== head.size) {
    const sizes = `it has ${head.size} bytes, and its manifest says ${envelope.manifest.size}`;
    throw refused({ ...series, version }, `it was cut short or altered: ${sizes}`);
  }
  const { manifest } = envelope ?? {};
  const metadata = manifest === undefined ? stored : manifest.metadata;
  return { head, envelope, metadata, sha256: manifest?.sha256 ?? digestIn(stored) };
}

/** The failure of a version that is not there. */
export function noVersion(repo: Repository, series: Series, version: string): ArtifactError {
  return new ArtifactError(
    'missing',
    `there is no version ${version} of ${seriesText(series)} (${series.artifact}) in ${repo.store.url}`,
  );
}

async function envelopeOf(
  repo: Repository,
  series: Series,
  version: string,
  upload: string | undefined,
  options: CallOptions,
): Promise<Envelope | undefined> {
  if (upload === undefined) return undefined;
  // The name comes from the store, and must not lead elsewhere.
  const key = /^[0-9a-f]{16}$/.test(upload) ? manifestKey(series, version, upload) : undefined;
  const stored = key === undefined ? undefined : await readText(repo.store, key, mostManifestBytes, options);
  const envelope = stored === undefined ? undefined : openEnvelope(stored.text);
  if (envelope !== undefined) return envelope;
  const why = stored === undefined ? 'is gone' : 'cannot be read';
  throw refused({ ...series, version }, `its manifest ${why}`);
}

function digestIn(metadata: Metadata): string | undefined {
  const { sha256 } = metadata;
  return sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined;
}

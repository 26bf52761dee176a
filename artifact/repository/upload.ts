import { ArtifactError } from '../failure.ts';
import { checkArtifactName } from '../names.ts';
import type { SigningKey } from '../signing/keys.ts';
import type { Manifest } from '../signing/manifest.ts';
import { fileDigest, fileStream, type OpenFile, openFile } from './fileBytes.ts';
import { versionKey } from './layout.ts';
import { checkMetadataKeys, type Metadata } from './metadata.ts';
import { checkMaySign, publish } from './publish.ts';
import type { Repository, Series, WorkOptions } from './repository.ts';
import { seriesText } from './repository.ts';
import { checkNotReserved, type Reservation, releaseReservation } from './reserve.ts';
import { callOptions } from './texts.ts';

/** What is uploaded. */
export interface UploadRequest extends WorkOptions {
  version: string;
  /** The file with the bytes. */
  file: string;
  metadata?: Metadata | undefined;
  /** What the bytes must have, where that is known; it saves reading the file twice. */
  sha256?: string | undefined;
  /** Nothing where the artifact may do without a signature. */
  key?: SigningKey | undefined;
  /** Until when it may be used, in milliseconds since 1970. */
  expires?: number | undefined;
  /** Where the version was taken with `reserveVersion`; it is given back when it is there. */
  reservation?: Reservation | undefined;
}

/** A version that was put into a repository. */
export interface Uploaded {
  manifest: Manifest;
  /** The version that is marked as the latest now: this one, or a higher one. */
  latest: string;
}

/**
 * Puts a file into a repository as a version, which appears all at once or not at all. `exists` where there is such a version,
 * `conflict` where another build took it, `refused` where it would have to be signed or its bytes are not as they should be.
 */
export async function upload(repo: Repository, series: Series, request: UploadRequest): Promise<Uploaded> {
  const { version, key, reservation } = request;
  checkArtifactName('a version', version);
  checkMetadataKeys(request.metadata ?? {});
  checkMaySign(repo, series, key);
  await checkIsNew(repo, series, version, request);
  await checkNotReserved(repo, series, version, reservation, callOptions(request));
  const file = await openFile(request.file);
  try {
    const uploaded = await uploadFile(repo, series, file, request);
    if (reservation !== undefined) await releaseReservation(repo, series, reservation);
    return uploaded;
  } finally {
    await file.handle.close();
  }
}

/** Saves sending bytes in vain; that nobody else is first is seen to when they are there. */
async function checkIsNew(
  repo: Repository,
  series: Series,
  version: string,
  options: WorkOptions,
): Promise<void> {
  if ((await repo.store.head(versionKey(series, version), callOptions(options))) === undefined) return;
  throw new ArtifactError(
    'exists',
    `${seriesText(series)} has a version ${version} already, and a version never changes: take another one`,
  );
}

async function uploadFile(
  repo: Repository,
  series: Series,
  file: OpenFile,
  request: UploadRequest,
): Promise<Uploaded> {
  const { onBytes = () => {}, signal } = request;
  const isKnown = request.sha256 !== undefined;
  const total = isKnown ? file.size : 2 * file.size;
  const sha256 = request.sha256 ?? (await fileDigest(file, (done) => onBytes(done, total), signal));
  const manifest = manifestOf(repo, series, file, sha256, request);
  const put = async (key: string, metadata: Record<string, string>) => {
    const before = total - file.size;
    const body = fileStream(file, isKnown ? sha256 : undefined, (done) => onBytes(before + done, total));
    await repo.store.create(key, body, { size: file.size, metadata, ...callOptions(request) });
  };
  return { manifest, latest: await publish(repo, manifest, request.key, put, callOptions(request)) };
}

function manifestOf(
  repo: Repository,
  series: Series,
  file: OpenFile,
  sha256: string,
  { version, expires, metadata = {} }: UploadRequest,
): Manifest {
  return {
    ...series,
    version,
    sha256,
    size: file.size,
    created: new Date(repo.now()).toISOString(),
    ...(expires === undefined ? {} : { expires: new Date(expires).toISOString() }),
    metadata,
  };
}

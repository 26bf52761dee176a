import { randomBytes } from 'node:crypto';
import { ArtifactError } from '../failure.ts';
import { sealManifest } from '../signing/envelope.ts';
import type { SigningKey } from '../signing/keys.ts';
import type { Manifest } from '../signing/manifest.ts';
import { mayBeUnsigned } from '../signing/trust.ts';
import type { CallOptions } from '../store/store.ts';
import { raiseLatest } from './latest.ts';
import { manifestKey, versionKey } from './layout.ts';
import { plainMetadata, storableMetadata } from './metadata.ts';
import { type Repository, type Series, seriesText } from './repository.ts';
import { type AsideNote, doubtIndex, putIndexAside, putIndexBack } from './versionIndex.ts';

/** Makes the object of a version with this metadata. */
type Put = (key: string, metadata: Record<string, string>) => Promise<void>;

/**
 * Makes a version visible: its manifest first, under a name of this upload's own, then the bytes, whose metadata name that manifest. So there
 * is one moment in which all of it appears, and of two uploads of one version one fails without a trace.
 * @returns the version that is marked as the latest then.
 */
export async function publish(
  repo: Repository,
  manifest: Manifest,
  key: SigningKey | undefined,
  put: Put,
  options: CallOptions,
): Promise<string> {
  checkMaySign(repo, manifest, key);
  const upload = randomBytes(8).toString('hex');
  const ownManifest = manifestKey(manifest, manifest.version, upload);
  await repo.store.swap(ownManifest, sealManifest(manifest, key), undefined, options);
  const aside = await putIndexAside(repo, manifest);
  try {
    await put(versionKey(manifest, manifest.version), metadataOf(manifest, upload));
  } catch (error) {
    const isVisible = await isThere(repo, manifest, upload);
    if (isVisible === false) await takeBack(repo, manifest, ownManifest, aside);
    if (isVisible !== true) throw explained(error, manifest);
  }
  // From here on it is there, and what remains is short: it is finished also when somebody asks to stop.
  const marked = await raiseLatest(repo, manifest, manifest.version);
  await noteInIndex(repo, manifest, aside, marked);
  return marked;
}

/** Refuses to put there unsigned what nobody could take from there. */
export function checkMaySign(repo: Repository, series: Series, key: SigningKey | undefined): void {
  if (key !== undefined || mayBeUnsigned(repo.trust, series.app, series.channel)) return;
  throw new ArtifactError(
    'refused',
    `there is no key to sign ${seriesText(series)} with: make one with strata keys new NAME, ` +
      'or allow it unsigned with artifacts.trust.unsigned in strata.yaml',
  );
}

/** Whether this very upload is visible although the store's answer got lost; nothing where the store does not answer now either. */
async function isThere(repo: Repository, manifest: Manifest, upload: string): Promise<boolean | undefined> {
  try {
    const head = await repo.store.head(versionKey(manifest, manifest.version));
    return head !== undefined && plainMetadata(head.metadata).manifest === upload;
  } catch {
    return undefined;
  }
}

/** What cannot be taken back is found by `gc`, and by whoever lists the versions next: the failure before counts. */
async function takeBack(
  repo: Repository,
  manifest: Manifest,
  ownManifest: string,
  aside: AsideNote | undefined,
): Promise<void> {
  try {
    await repo.store.delete(ownManifest);
    if (aside?.before !== undefined) await putIndexBack(repo, manifest, aside, aside.before);
  } catch {}
}

function metadataOf(manifest: Manifest, upload: string): Record<string, string> {
  const { app, channel, version, sha256, size, created, metadata } = manifest;
  const own = { app, channel, version, sha256, size: String(size), created, manifest: upload };
  return { ...storableMetadata(metadata), ...own };
}

async function noteInIndex(
  repo: Repository,
  manifest: Manifest,
  aside: AsideNote | undefined,
  latest: string,
): Promise<void> {
  if (aside === undefined) return await doubtIndex(repo, manifest);
  if (aside.before === undefined) return;
  const { version, size } = manifest;
  const { added, ...note } = aside.before;
  const own = { version, size, modified: repo.now() };
  await putIndexBack(repo, manifest, aside, { ...note, latest, added: [...added, own] });
}

function explained(error: unknown, { version, ...series }: Manifest): unknown {
  if (!(error instanceof ArtifactError) || error.code !== 'exists') return error;
  return new ArtifactError(
    'exists',
    `${seriesText(series)} has a version ${version} already, and a version never changes: take another one`,
    error,
  );
}

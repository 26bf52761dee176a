import { ArtifactError } from '../failure.ts';
import type { CallOptions } from '../store/store.ts';
import { latest } from './latest.ts';
import { indexListPrefix, manifestsPrefix, nameBelow, versionKey } from './layout.ts';
import { allSeries, type SeriesFilter } from './listing.ts';
import { removeObject } from './remove.ts';
import type { Repository, Series } from './repository.ts';
import { sweepReservations } from './reserve.ts';
import { callOptions } from './texts.ts';
import { putIndexAside, readIndex, type VersionInfo } from './versionIndex.ts';
import { listedVersions } from './versions.ts';

/** What is kept, and what is looked at. */
export interface GcRequest extends SeriesFilter {
  /** How many of the highest versions of each series stay. */
  maxVersions: number;
  /** Whether a version stays whatever its age: because a box runs it, or somebody says so. */
  isInUse?: ((series: Series, version: string) => boolean) | undefined;
  /** Only tells what would go. */
  isDry?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** Is told of each version that went, or would go. */
  onRemoved?: ((series: Series, removed: VersionInfo) => void) | undefined;
}

/** In milliseconds: a manifest without its version that is younger may belong to an upload that goes on. */
const uploadLasts = 24 * 60 * 60 * 1000;
const atOnce = 16;

/** Takes old versions away but for the latest and those in use, and what uploads and builds left that were killed. */
export async function gc(repo: Repository, request: GcRequest): Promise<void> {
  if (!Number.isSafeInteger(request.maxVersions) || request.maxVersions < 1) {
    throw new ArtifactError('invalid', 'at least one version of each artifact must be kept');
  }
  const options = callOptions(request);
  for await (const series of allSeries(repo, request, options)) {
    const known = await listedVersions(repo, series, options);
    await gcSeries(repo, series, known, request);
    if (request.isDry) continue;
    await sweepReservations(repo, series, options);
    await sweepManifests(repo, series, known, options);
    await sweepLists(repo, series, options);
  }
}

async function gcSeries(
  repo: Repository,
  series: Series,
  known: readonly VersionInfo[],
  request: GcRequest,
): Promise<void> {
  const options = callOptions(request);
  const old = known.slice(0, Math.max(0, known.length - request.maxVersions));
  const going = old.filter((one) => !request.isInUse?.(series, one.version));
  if (going.length > 0 && !request.isDry) await putIndexAside(repo, series);
  for (let at = 0; at < going.length; at += atOnce) {
    // Somebody may mark another meanwhile, by removing the latest.
    const marked = await latest(repo, series, options);
    const some = going.slice(at, at + atOnce).filter((one) => one.version !== marked);
    if (!request.isDry)
      await Promise.all(some.map((one) => removeObject(repo, series, one.version, options)));
    for (const one of some) request.onRemoved?.(series, one);
  }
}

/** Takes away manifests that no version names: of uploads that were killed, and of versions that yodeploy took away. */
async function sweepManifests(
  repo: Repository,
  series: Series,
  known: readonly VersionInfo[],
  options: CallOptions,
): Promise<void> {
  const ofVersion = new Map<string, StoredManifest[]>();
  for await (const one of manifestsIn(repo, series, options)) {
    ofVersion.set(one.version, [...(ofVersion.get(one.version) ?? []), one]);
  }
  // The only manifest of a version that is there is its own.
  const versions = new Set(known.map((one) => one.version));
  const all = [...ofVersion].flatMap(([version, own]) =>
    own.length === 1 && versions.has(version) ? [] : own,
  );
  for (const one of all) {
    const isYoung = repo.now() - one.modified <= uploadLasts;
    if (!isYoung && !(await isNamed(repo, series, one, options))) await repo.store.delete(one.key, options);
  }
}

/** Takes away lists that no note names: of work that was killed. */
async function sweepLists(repo: Repository, series: Series, options: CallOptions): Promise<void> {
  const note = await readIndex(repo, series, options);
  const prefix = indexListPrefix(series);
  for await (const page of repo.store.list(prefix, { ...options, flat: true })) {
    const old = page.objects.filter((one) => repo.now() - one.modified > uploadLasts);
    const useless = old.filter((one) => nameBelow(prefix, one.key) !== note?.list);
    for (const { key } of useless) await repo.store.delete(key, options);
  }
}

interface StoredManifest {
  key: string;
  version: string;
  upload: string;
  modified: number;
}

async function* manifestsIn(
  repo: Repository,
  series: Series,
  options: CallOptions,
): AsyncGenerator<StoredManifest> {
  const prefix = manifestsPrefix(series);
  for await (const page of repo.store.list(prefix, { ...options, flat: true })) {
    for (const { key, modified } of page.objects) {
      const [, version, upload] = /^(.+)\.([0-9a-f]{16})\.json$/.exec(nameBelow(prefix, key)) ?? [];
      if (version !== undefined && upload !== undefined) yield { key, version, upload, modified };
    }
  }
}

async function isNamed(
  repo: Repository,
  series: Series,
  { version, upload }: StoredManifest,
  options: CallOptions,
): Promise<boolean> {
  const head = await repo.store.head(versionKey(series, version), options);
  return head?.metadata.manifest === upload;
}

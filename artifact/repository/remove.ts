import { checkArtifactName } from '../names.ts';
import type { CallOptions } from '../store/store.ts';
import { compareVersions } from '../versionOrder.ts';
import { latest, lowerLatest } from './latest.ts';
import { manifestKey, versionKey } from './layout.ts';
import { noVersion } from './lookUp.ts';
import { plainMetadata } from './metadata.ts';
import type { Repository, Series } from './repository.ts';
import { putIndexAside } from './versionIndex.ts';
import { listedVersions } from './versions.ts';

/** Takes a version away; where it is the latest, the one before is then. `missing`. */
export async function remove(
  repo: Repository,
  series: Series,
  version: string,
  options: CallOptions = {},
): Promise<void> {
  checkArtifactName('a version', version);
  const isThere = (await repo.store.head(versionKey(series, version), options)) !== undefined;
  if (!isThere) throw noVersion(repo, series, version);
  await putIndexAside(repo, series);
  if ((await latest(repo, series, options)) === version) {
    const known = await listedVersions(repo, series, options);
    const lower = known.filter((one) => compareVersions(one.version, version) < 0);
    await lowerLatest(repo, series, version, lower.at(-1)?.version);
  }
  await removeObject(repo, series, version, options);
}

/** Takes a version's bytes away and then its manifest, so that there is never one without the other. */
export async function removeObject(
  repo: Repository,
  series: Series,
  version: string,
  options: CallOptions,
): Promise<void> {
  const key = versionKey(series, version);
  const found = await repo.store.head(key, options);
  await repo.store.delete(key, options);
  const upload = found === undefined ? undefined : plainMetadata(found.metadata).manifest;
  if (upload === undefined || !/^[0-9a-f]{16}$/.test(upload)) return;
  await repo.store.delete(manifestKey(series, version, upload), options);
}

import { ArtifactError } from '../failure.ts';
import { download } from '../repository/download.ts';
import { versionKey } from '../repository/layout.ts';
import { checkMaySign } from '../repository/publish.ts';
import { type Repository, seriesOf, seriesText } from '../repository/repository.ts';
import { releaseReservation, reserveVersion } from '../repository/reserve.ts';
import { upload } from '../repository/upload.ts';
import type { SigningKey } from '../signing/keys.ts';
import type { ArtifactPlace, Upload } from './place.ts';

/** A repository as a build uses it. @param key what artifacts are signed with, where there is one. */
export function repositoryPlace(repo: Repository, key: SigningKey | undefined): ArtifactPlace {
  return {
    url: repo.store.url,
    async check({ version, ...names }, signal) {
      const series = seriesOf(names.app, names);
      checkMaySign(repo, series, key);
      if (version === undefined || !(await repo.store.head(versionKey(series, version), { signal }))) return;
      const message = `${seriesText(series)} has a version ${version} already, and a version never changes: take another one`;
      throw new ArtifactError('exists', message);
    },
    upload: (asked) => uploadFile(repo, key, asked),
    async download(names, file, signal) {
      try {
        await download(repo, seriesOf(names.app, names), { file, signal });
        return true;
      } catch (error) {
        if (error instanceof ArtifactError && error.code === 'missing') return false;
        throw error;
      }
    },
  };
}

/** Takes a version where none is asked for, and gives it back should the upload fail. */
async function uploadFile(repo: Repository, key: SigningKey | undefined, asked: Upload) {
  const { file, sha256, metadata, signal, onBytes, isLocal } = asked;
  const series = seriesOf(asked.app, asked);
  const builder = metadata.builder ?? '';
  const reservation =
    asked.version === undefined
      ? await reserveVersion(repo, series, { isLocal, builder, signal })
      : undefined;
  const version = asked.version ?? reservation?.version ?? '';
  try {
    await upload(repo, series, { version, file, sha256, metadata, key, reservation, signal, onBytes });
  } catch (error) {
    if (reservation !== undefined) await releaseReservation(repo, series, reservation).catch(() => undefined);
    throw error;
  }
  return { version, where: repo.store.url, signed: key !== undefined };
}

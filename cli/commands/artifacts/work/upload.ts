import path from 'node:path';
import { bytesText } from '../../../../artifact/bytes.ts';
import { duration } from '../../../../artifact/duration.ts';
import {
  type Repository,
  type Series,
  seriesOf,
  seriesText,
} from '../../../../artifact/repository/repository.ts';
import { releaseReservation, reserveVersion } from '../../../../artifact/repository/reserve.ts';
import { type Uploaded, type UploadRequest, upload } from '../../../../artifact/repository/upload.ts';
import { chosenKey, keysFolder } from '../../../../artifact/signing/keyFiles.ts';
import { interruptible } from '../../../interruption.ts';
import { withBytes } from '../../../output/bytes.ts';
import { printJson } from '../../../output/json.ts';
import { repositoryFrom } from '../../../repository.ts';
import type { SeriesOptions } from '../../../repositoryOptions.ts';

interface Options extends SeriesOptions {
  key?: string;
  meta?: Record<string, string>;
  expires?: string;
  json?: true;
}

/** Uploads a file, and prints what is there now. */
export async function uploadFile(
  app: string,
  file: string,
  version: string | undefined,
  options: Options,
): Promise<void> {
  const repo = await repositoryFrom(options);
  const series = seriesOf(app, { ...options, artifact: options.artifact ?? path.basename(file) });
  const request = {
    file,
    metadata: options.meta,
    key: chosenKey(keysFolder(), options.key),
    expires: options.expires === undefined ? undefined : Date.now() + duration('--expires', options.expires),
  };
  const uploaded = await interruptible((signal) =>
    withBytes(`uploading ${path.basename(file)}`, (onBytes) =>
      uploadAs(repo, series, version, { ...request, signal, onBytes }),
    ),
  );
  tellUploaded(repo, uploaded, options);
}

/** Takes the next version where none is given, and gives it back where nothing comes of it. */
async function uploadAs(
  repo: Repository,
  series: Series,
  version: string | undefined,
  request: Omit<UploadRequest, 'version'>,
): Promise<Uploaded> {
  if (version !== undefined) return await upload(repo, series, { ...request, version });
  const reservation = await reserveVersion(repo, series, { signal: request.signal });
  try {
    return await upload(repo, series, { ...request, version: reservation.version, reservation });
  } catch (error) {
    await releaseReservation(repo, series, reservation);
    throw error;
  }
}

/** Tells what is there now. */
export function tellUploaded(
  repo: Repository,
  { manifest, latest }: Uploaded,
  { json }: { json?: true },
): void {
  if (json) {
    printJson({ artifact: manifest, latest });
    return;
  }
  const { version, size, sha256 } = manifest;
  const mark = latest === version ? 'the latest' : `the latest stays ${latest}`;
  process.stdout.write(`${seriesText(manifest)} ${version}: ${bytesText(size)}, sha256 ${sha256}, ${mark}\n`);
  process.stderr.write(`uploaded to ${repo.store.url}\n`);
}

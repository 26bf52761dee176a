import { promote } from '../../../../artifact/repository/promote.ts';
import { chosenKey, keysFolder } from '../../../../artifact/signing/keyFiles.ts';
import { interruptible } from '../../../interruption.ts';
import { withBytes } from '../../../output/bytes.ts';
import { repositoryFrom } from '../../../repository.ts';
import type { SeriesOptions } from '../../../repositoryOptions.ts';
import { chosenSeries } from './series.ts';
import { tellUploaded } from './upload.ts';

interface Options extends SeriesOptions {
  to: string;
  key?: string;
  json?: true;
}

/** Promotes a version, and prints what is there now. */
export async function promoteVersion(
  app: string,
  version: string | undefined,
  options: Options,
): Promise<void> {
  const repo = await repositoryFrom(options);
  const series = await chosenSeries(repo, app, options);
  const request = { version, to: options.to, key: chosenKey(keysFolder(), options.key) };
  const promoted = await interruptible((signal) =>
    withBytes(`promoting ${series.artifact}`, (onBytes) =>
      promote(repo, series, { ...request, signal, onBytes }),
    ),
  );
  tellUploaded(repo, promoted, options);
}

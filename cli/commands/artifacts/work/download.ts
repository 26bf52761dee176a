import { bytesText } from '../../../../artifact/bytes.ts';
import { download } from '../../../../artifact/repository/download.ts';
import { seriesText } from '../../../../artifact/repository/repository.ts';
import { interruptible } from '../../../interruption.ts';
import { withBytes } from '../../../output/bytes.ts';
import { artifactJson, printJson } from '../../../output/json.ts';
import { repositoryFrom } from '../../../repository.ts';
import type { SeriesOptions } from '../../../repositoryOptions.ts';
import { chosenSeries } from './series.ts';

interface Options extends SeriesOptions {
  output?: string;
  minimum?: string;
  json?: true;
}

/** Downloads a version, and tells who signed it. */
export async function downloadVersion(
  app: string,
  version: string | undefined,
  options: Options,
): Promise<void> {
  const repo = await repositoryFrom(options);
  const series = await chosenSeries(repo, app, options);
  const file = options.output ?? series.artifact;
  const request = { version, minimum: options.minimum, file };
  const got = await interruptible((signal) =>
    withBytes(`downloading ${series.artifact}`, (onBytes) =>
      download(repo, series, { ...request, signal, onBytes }),
    ),
  );
  if (options.json) {
    return printJson({ artifact: artifactJson(got), file });
  }
  const signed = got.signedBy === undefined ? 'not signed' : `signed by ${got.signedBy}`;
  process.stderr.write(`${seriesText(got)} ${got.version}: ${bytesText(got.size)}, ${signed}, in ${file}\n`);
}

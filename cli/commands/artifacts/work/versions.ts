import { bytesText } from '../../../../artifact/bytes.ts';
import { seriesOf } from '../../../../artifact/repository/repository.ts';
import { knownVersions } from '../../../../artifact/repository/versions.ts';
import { printJson } from '../../../output/json.ts';
import { colorsFor } from '../../../output/problems.ts';
import { tableText } from '../../../output/table.ts';
import { repositoryFrom } from '../../../repository.ts';
import type { SeriesOptions } from '../../../repositoryOptions.ts';
import { factsOf } from './facts.ts';
import { chosenSeries } from './series.ts';

interface Options extends SeriesOptions {
  json?: true;
  facts?: number;
}

/** Prints the versions of a series. */
export async function listVersions(app: string, options: Options): Promise<void> {
  const repo = await repositoryFrom(options);
  const usual = seriesOf(app, options);
  const first = await knownVersions(repo, usual);
  // Whoever has versions has no need to be looked for.
  const series = first.versions.length > 0 ? usual : await chosenSeries(repo, app, options);
  const { versions, latest } = series === usual ? first : await knownVersions(repo, series);
  const rows = versions.map(({ version, size, modified }) => ({
    version,
    size,
    uploaded: new Date(modified).toISOString(),
  }));
  if (options.json) {
    const newest = rows.slice(Math.max(0, rows.length - (options.facts ?? 0))).map((one) => one.version);
    const facts = new Map((await factsOf(repo, series, newest)).map((one) => [one.version, one]));
    const told = rows.map((row) => ({ ...row, ...facts.get(row.version) }));
    return printJson({ ...series, latest: latest ?? null, versions: told });
  }
  const cells = rows.map(({ version, size, uploaded }) => [
    version,
    bytesText(size),
    `${uploaded.slice(0, 16).replace('T', ' ')}Z`,
    version === latest ? 'latest' : '',
  ]);
  process.stdout.write(tableText(['version', 'size', 'uploaded', ''], cells, colorsFor(process.stdout)));
}

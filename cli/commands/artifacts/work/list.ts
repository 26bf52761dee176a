import { latest } from '../../../../artifact/repository/latest.ts';
import { allSeries } from '../../../../artifact/repository/listing.ts';
import type { Series } from '../../../../artifact/repository/repository.ts';
import { printJson } from '../../../output/json.ts';
import { colorsFor } from '../../../output/problems.ts';
import { tableText } from '../../../output/table.ts';
import { repositoryFrom } from '../../../repository.ts';
import type { RepositoryOptions } from '../../../repositoryOptions.ts';

interface Options extends RepositoryOptions {
  channel?: string;
  json?: true;
}

/** Prints the series of a repository with their latest versions. */
export async function list(app: string | undefined, options: Options): Promise<void> {
  const repo = await repositoryFrom(options);
  const found: (Series & { latest: string | null })[] = [];
  for await (const series of allSeries(repo, { app, channel: options.channel })) {
    found.push({ ...series, latest: (await latest(repo, series)) ?? null });
  }
  if (options.json) return printJson({ store: repo.store.url, artifacts: found });
  if (found.length === 0) process.stderr.write(`no artifacts in ${repo.store.url}\n`);
  const rows = found.map((one) => [one.app, one.channel, one.artifact, one.latest ?? '-']);
  const head = ['app', 'channel', 'artifact', 'latest'];
  process.stdout.write(tableText(head, rows, colorsFor(process.stdout)));
}

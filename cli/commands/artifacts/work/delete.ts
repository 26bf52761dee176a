import { remove } from '../../../../artifact/repository/remove.ts';
import { seriesText } from '../../../../artifact/repository/repository.ts';
import { repositoryFrom } from '../../../repository.ts';
import type { SeriesOptions } from '../../../repositoryOptions.ts';
import { chosenSeries } from './series.ts';

/** Takes a version away. */
export async function deleteVersion(app: string, version: string, options: SeriesOptions): Promise<void> {
  const repo = await repositoryFrom(options);
  const series = await chosenSeries(repo, app, options);
  await remove(repo, series, version);
  process.stderr.write(`deleted ${seriesText(series)} ${version} from ${repo.store.url}\n`);
}

import { ArtifactError } from '../../../../artifact/failure.ts';
import { allSeries } from '../../../../artifact/repository/listing.ts';
import { type Repository, type Series, seriesOf } from '../../../../artifact/repository/repository.ts';
import { didYouMean } from '../../../../core/text/names.ts';
import type { SeriesOptions } from '../../../repositoryOptions.ts';

/** The series that is meant, which is there; `missing`, and `invalid` where several could be meant. */
export async function chosenSeries(repo: Repository, app: string, options: SeriesOptions): Promise<Series> {
  const given = seriesOf(app, options);
  const there = await artifactsOf(repo, given);
  const named = options.artifact === undefined ? there.filter((one) => one.startsWith(`${app}.tar`)) : there;
  const fitting = options.artifact === undefined ? named : there.filter((one) => one === options.artifact);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return { ...given, artifact: only };
  if (only !== undefined)
    throw new ArtifactError('invalid', `name one with --artifact: ${fitting.join(', ')}`);
  throw new ArtifactError('missing', await whyMissing(repo, given, there));
}

async function artifactsOf(repo: Repository, { app, channel }: Series): Promise<string[]> {
  const found: string[] = [];
  for await (const one of allSeries(repo, { app, channel })) found.push(one.artifact);
  return found;
}

async function whyMissing(
  repo: Repository,
  { app, channel, artifact }: Series,
  there: string[],
): Promise<string> {
  const where = `in ${repo.store.url}`;
  if (there.length > 0)
    return `${app}/${channel} has no ${artifact} ${where}. There are: ${there.join(', ')}`;
  const apps = new Set<string>();
  const channels = new Set<string>();
  for await (const one of allSeries(repo)) {
    apps.add(one.app);
    if (one.app === app) channels.add(one.channel);
  }
  if (channels.size === 0) return `there is no app ${app} ${where}.${didYouMean(app, apps)}`;
  return `${app} has no channel ${channel} ${where}. There are: ${[...channels].join(', ')}`;
}

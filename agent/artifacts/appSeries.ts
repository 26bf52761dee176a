import { ArtifactError } from '../../artifact/failure.ts';
import { allSeries } from '../../artifact/repository/listing.ts';
import { type Repository, type Series, seriesOf } from '../../artifact/repository/repository.ts';

/**
 * The series that has an app's own artifact on a channel, for plans and deployments alike: the one whose file is named as the app is
 * (`shop.tar.gz`, `shop.tar.zst`). A store that cannot be listed has it under the usual name. `missing`, and `invalid` where there are several.
 */
export async function appSeries(
  repo: Repository,
  app: string,
  channel: string | undefined,
  signal?: AbortSignal,
): Promise<Series> {
  const usual = seriesOf(app, channel === undefined ? {} : { channel });
  const names = await namesOf(repo, usual, signal);
  const [only] = names;
  if (only !== undefined && names.length === 1) return { ...usual, artifact: only };
  if (names.includes(usual.artifact)) return usual;
  const where = `${app}/${usual.channel} in ${repo.store.url}`;
  if (only === undefined) throw new ArtifactError('missing', `there is no artifact of ${where}`);
  throw new ArtifactError('invalid', `${where} has several artifacts: ${names.join(', ')}`);
}

async function namesOf(
  repo: Repository,
  { app, channel, artifact }: Series,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const one of allSeries(repo, { app, channel }, signal === undefined ? {} : { signal })) {
      if (one.artifact.startsWith(`${app}.tar`)) names.push(one.artifact);
    }
    return names;
  } catch (error) {
    // Web servers need not list their folders. Where nothing at all can be had, the next call says so.
    if (error instanceof ArtifactError && error.code === 'unavailable') return [artifact];
    throw error;
  }
}

import { ArtifactError } from '../../../../artifact/failure.ts';
import { chosenVersion } from '../../../../artifact/repository/head.ts';
import { allSeries } from '../../../../artifact/repository/listing.ts';
import { type Repository, type Series, seriesText } from '../../../../artifact/repository/repository.ts';
import { verify } from '../../../../artifact/repository/verify.ts';
import { listedVersions } from '../../../../artifact/repository/versions.ts';
import { exitCodes } from '../../../failure.ts';
import { interruptible } from '../../../interruption.ts';
import { withBytes } from '../../../output/bytes.ts';
import { printJson } from '../../../output/json.ts';
import { repositoryFrom } from '../../../repository.ts';
import type { RepositoryOptions } from '../../../repositoryOptions.ts';
import { chosenSeries } from './series.ts';

interface Options extends RepositoryOptions {
  channel?: string;
  artifact?: string;
  json?: true;
}

/** What came of one version. */
interface Result extends Series {
  version: string;
  signedBy: string | null;
  /** Why it may not be used. */
  refused: string | null;
}

/** Checks versions, and prints those that would be refused; fails then. */
export async function verifyAll(
  app: string | undefined,
  version: string | undefined,
  options: Options,
): Promise<void> {
  const repo = await repositoryFrom(options);
  const results: Result[] = [];
  await interruptible(async (signal) => {
    for await (const [series, one] of asked(repo, app, version, options, signal)) {
      const result = await verifyOne(repo, series, one, signal);
      results.push(result);
      if (result.refused !== null) process.stderr.write(`${result.refused}\n`);
    }
  });
  const bad = results.filter((one) => one.refused !== null).length;
  if (bad > 0) process.exitCode = exitCodes.problems;
  if (options.json) return printJson({ store: repo.store.url, artifacts: results });
  process.stderr.write(`${results.length - bad} of ${results.length} versions are as they should be\n`);
}

async function* asked(
  repo: Repository,
  app: string | undefined,
  version: string | undefined,
  options: Options,
  signal: AbortSignal,
): AsyncGenerator<[Series, string]> {
  if (app !== undefined && version !== undefined) {
    const series = await chosenSeries(repo, app, { ...options, channel: options.channel ?? 'master' });
    yield [series, await chosenVersion(repo, series, { version })];
    return;
  }
  const { channel, artifact } = options;
  for await (const series of allSeries(repo, { app, channel, artifact }, { signal })) {
    for (const one of await listedVersions(repo, series, { signal })) yield [series, one.version];
  }
}

async function verifyOne(
  repo: Repository,
  series: Series,
  version: string,
  signal: AbortSignal,
): Promise<Result> {
  try {
    const { signedBy = null } = await withBytes(`${seriesText(series)} ${version}`, (onBytes) =>
      verify(repo, series, { version, signal, onBytes }),
    );
    return { ...series, version, signedBy, refused: null };
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.code !== 'refused') throw error;
    return { ...series, version, signedBy: null, refused: error.message };
  }
}

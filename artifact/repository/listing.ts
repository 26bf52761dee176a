import { isArtifactName } from '../names.ts';
import type { CallOptions } from '../store/store.ts';
import type { Repository, Series } from './repository.ts';

/** Which series to look at; all where nothing is said. */
export interface SeriesFilter {
  app?: string | undefined;
  channel?: string | undefined;
  artifact?: string | undefined;
}

/** The series of a repository, by app, channel and artifact. Folders whose names cannot be theirs are left out. */
export async function* allSeries(
  repo: Repository,
  only: SeriesFilter = {},
  options: CallOptions = {},
): AsyncGenerator<Series> {
  for (const app of await foldersIn(repo, '', only.app, options)) {
    for (const channel of await foldersIn(repo, `${app}/`, only.channel, options)) {
      for (const artifact of await foldersIn(repo, `${app}/${channel}/`, only.artifact, options)) {
        yield { app, channel, artifact };
      }
    }
  }
}

async function foldersIn(
  repo: Repository,
  prefix: string,
  only: string | undefined,
  options: CallOptions,
): Promise<string[]> {
  const found: string[] = [];
  for await (const page of repo.store.list(prefix, { ...options, flat: false })) found.push(...page.folders);
  return found.filter((name) => isArtifactName(name) && (only === undefined || name === only)).sort();
}

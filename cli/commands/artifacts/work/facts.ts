import { ArtifactError } from '../../../../artifact/failure.ts';
import { head } from '../../../../artifact/repository/head.ts';
import type { Repository, Series } from '../../../../artifact/repository/repository.ts';
import { askAll } from '../../../../remote/askAll.ts';

/** What is known of how a version was made; `null` where nobody said. */
export interface VersionFacts {
  version: string;
  commit: string | null;
  branch: string | null;
  /** The first line of the commit's message. */
  message: string | null;
  /** Who built it: a person and a machine, or the address of a build. */
  builder: string | null;
  /** When it was made, as in `2026-02-28T13:45:00.000Z`. */
  created: string | null;
  /** Why it may not be used; `null` where it may. */
  refused: string | null;
}

/** Looks up how versions were made, many at a time. A version that is gone meanwhile is told as refused. */
export async function factsOf(
  repo: Repository,
  series: Series,
  versions: readonly string[],
): Promise<VersionFacts[]> {
  const { signal } = new AbortController();
  return await askAll(versions, signal, (version) => factsOfOne(repo, series, version));
}

async function factsOfOne(repo: Repository, series: Series, version: string): Promise<VersionFacts> {
  try {
    const { metadata, created } = await head(repo, series, { version });
    const { commit = null, branch = null, commit_msg: message = null, builder = null } = metadata;
    return { version, commit, branch, message, builder, created, refused: null };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const unknown = { commit: null, branch: null, message: null, builder: null, created: null };
    return { version, ...unknown, refused: error.message };
  }
}

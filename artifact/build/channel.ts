import { ArtifactError } from '../failure.ts';
import { isArtifactName } from '../names.ts';
import type { SourceFacts } from './gitFacts.ts';

/** The branches that everything comes from; yodeploy knows their channel as `master`. */
const trunks: ReadonlySet<string> = new Set(['master', 'main']);

/**
 * The channel of a build: the one that is asked for, else that of its branch, with `-` for what no name may have.
 * @param isNeeded whether a build without one makes no sense: `invalid`.
 */
export function channelOf(
  { branch }: Pick<SourceFacts, 'branch'>,
  asked: string | undefined,
  isNeeded: boolean,
): string | undefined {
  if (asked !== undefined) return checked(asked, '--channel');
  if (branch === undefined) {
    if (!isNeeded) return undefined;
    throw new ArtifactError(
      'invalid',
      'there is no branch to name the channel: the head is detached, and no build server says which it is; give --channel',
    );
  }
  if (trunks.has(branch)) return 'master';
  return checked(
    branch
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 64),
    `the branch ${branch}`,
  );
}

function checked(name: string, from: string): string {
  if (isArtifactName(name)) return name;
  throw new ArtifactError(
    'invalid',
    `${JSON.stringify(name)} (from ${from}) cannot name a channel; give another with --channel`,
  );
}

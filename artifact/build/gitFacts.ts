import { git } from '../../disk/git.ts';
import { ArtifactError } from '../failure.ts';
import { type CiFacts, ciFacts } from './ciFacts.ts';

/** What is known of the commit that is built. */
export interface SourceFacts {
  commit?: string;
  /** Nothing on a detached head that no build server gives a name to. */
  branch?: string;
  tag?: string;
  /** The first line of the commit's message. */
  message?: string;
  /** When it was committed, in seconds since 1970. */
  time?: number;
  /** The files that differ from the commit, as people read them; nothing where that cannot be told. */
  changed?: string[];
  /** Why git could not be asked, in words. */
  withoutGit?: string;
  ci: CiFacts;
}

/**
 * The facts of a folder's commit, from git itself; where it cannot tell, from the variables of a build server.
 * @param read the files and folders that the build reads: changes elsewhere in the repository do not count.
 * @throws ArtifactError `cancelled`
 */
export async function sourceFacts(
  folder: string,
  read: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<SourceFacts> {
  const ci = ciFacts(env);
  const ask = (...args: string[]) => answer(folder, args, signal);
  const head = await git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { signal });
  if (signal.aborted) throw new ArtifactError('cancelled', 'the build was cancelled');
  if ('error' in head) return { ...fromCi(ci), withoutGit: await whyNot(folder, signal), ci };
  const commit = head.output.toString().trim();
  const [about, branch, tags, changed] = await Promise.all([
    ask('log', '-1', '--no-show-signature', '--format=%ct%n%s', commit),
    branchOf(ask, ci),
    ask('tag', '--points-at', commit, '--sort=-version:refname'),
    changedFiles(folder, read, signal),
  ]);
  const [time = '', message = ''] = (about ?? '').split('\n');
  const tag = (tags ?? '').split('\n').find((one) => one !== '') ?? ci.tag;
  return {
    commit,
    ...(branch === undefined ? {} : { branch }),
    ...(tag === undefined ? {} : { tag }),
    ...(message === '' ? {} : { message }),
    ...(/^\d+$/.test(time) ? { time: Number(time) } : {}),
    ...(changed === undefined ? {} : { changed }),
    ci,
  };
}

/** The files of the app that differ from its commit: new ones, and those of submodules, too. */
export async function changedFiles(
  folder: string,
  read: readonly string[],
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const top = await answer(folder, ['rev-parse', '--show-toplevel'], signal);
  const inside = read.filter((one) => top !== undefined && `${one}/`.startsWith(`${top.trim()}/`));
  const asked = ['--porcelain=v1', '-z', '--no-renames', '--untracked-files=normal'];
  const output = await answer(folder, ['status', ...asked, '--', folder, ...inside], signal);
  const states = output?.split('\0').filter((one) => one !== '' && !ownFile.test(one));
  return states?.map((one) => one.slice(3));
}

/** What a build itself writes, and takes away again, is no change. */
const ownFile = /^\?\? (.*\/)?configuration(_public)?\.json$/;

async function branchOf(
  ask: (...args: string[]) => Promise<string | undefined>,
  ci: CiFacts,
): Promise<string | undefined> {
  const own = await ask('symbolic-ref', '--short', '--quiet', 'HEAD');
  if (own !== undefined) return own.trim();
  if (ci.branch !== undefined) return ci.branch;
  // A build server often checks a commit out without a branch: the one remote branch that is there tells it.
  const remote = await ask(
    'for-each-ref',
    '--points-at=HEAD',
    '--format=%(refname:lstrip=3)',
    'refs/remotes',
  );
  const names = [...new Set((remote ?? '').split('\n').filter((one) => one !== '' && one !== 'HEAD'))];
  return names.length === 1 ? names[0] : undefined;
}

function fromCi({ commit, branch, tag, message }: CiFacts): Omit<SourceFacts, 'ci'> {
  return {
    ...(commit === undefined ? {} : { commit }),
    ...(branch === undefined ? {} : { branch }),
    ...(tag === undefined ? {} : { tag }),
    ...(message === undefined ? {} : { message }),
  };
}

async function whyNot(folder: string, signal: AbortSignal): Promise<string> {
  const inside = await git(folder, ['rev-parse', '--show-prefix'], { signal });
  return 'error' in inside ? inside.error : `the git repository of ${folder} has no commit yet`;
}

/** What git says, where it says something. */
async function answer(folder: string, args: string[], signal: AbortSignal): Promise<string | undefined> {
  const given = await git(folder, args, { signal });
  if (signal.aborted) throw new ArtifactError('cancelled', 'the build was cancelled');
  return 'error' in given ? undefined : given.output.toString();
}

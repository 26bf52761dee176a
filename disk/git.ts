import { type ExecFileException, execFile } from 'node:child_process';

/** What a repository may set, and git would then run or fetch: nobody may trust the folder. */
const nothingRuns: readonly string[] = ['-c', 'protocol.allow=never', '-c', 'core.fsmonitor=false'];

/** What git printed, or why it could not, in words for a person. */
type GitAnswer = { output: Buffer } | { error: string };

interface GitOptions {
  /** Stops git. */
  signal: AbortSignal;
  /** What git reads from its standard input. */
  input?: string;
}

/** The most that one answer may hold, in bytes. */
const mostBytes = 256 * 1024 * 1024;

/**
 * Asks git something in a folder. Variables like `GIT_DIR`, which git sets for its hooks, would make it look elsewhere; and
 * nothing may be fetched.
 */
export function git(folder: string, args: readonly string[], options: GitOptions): Promise<GitAnswer> {
  const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_INDEX_FILE: ___, ...inherited } = process.env;
  const env = { ...inherited, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1' };
  const { signal, input } = options;
  return new Promise((resolve) => {
    const child = execFile(
      'git',
      ['-C', folder, ...nothingRuns, ...args],
      { encoding: 'buffer', maxBuffer: mostBytes, env, signal, windowsHide: true },
      (error, output, told) =>
        resolve(error === null ? { output } : { error: failure(folder, error, told.toString()) }),
    );
    // Git may end before it has read all: what it printed says why.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

function failure(folder: string, error: ExecFileException, told: string): string {
  if (error.code === 'ENOENT') return 'git is not installed, or it is not on the PATH';
  if (told.includes('not a git repository')) return `${folder} lies in no git repository`;
  const [first = ''] = told.trim().split('\n');
  return first === '' ? `git failed: ${error.message}` : `git says: ${first.replace(/^fatal: /, '')}`;
}

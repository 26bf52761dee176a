import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Run, run, strata } from './cli.ts';
import { writeFiles } from './workspaceFiles.ts';

/** When everything in tests was committed, in seconds since 1970. */
export const commitTime = 1_700_000_000;

/** Variables of build servers, which must not reach a build in a test. */
const ofServers =
  /^(CI$|CI_|GITHUB_|GIT_|BUILD_|BRANCH_|CHANGE_|TAG_NAME|JENKINS|SOURCE_DATE_EPOCH|STRATA_|PIP_)/;

/** The environment of a build in a test: no build server, no configuration of the machine. */
export function cleanEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !ofServers.test(name));
  const own = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', XDG_CONFIG_HOME: '/nonexistent' };
  return { ...(Object.fromEntries(inherited) as Record<string, string>), ...own, ...more };
}

/** Runs git; everything is committed by the same person at the same time. */
export function git(folder: string, ...args: string[]): string {
  const who = [
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=ada@papershop.example',
    '-c',
    'protocol.file.allow=always',
  ];
  const date = `${commitTime} +0000`;
  const env = cleanEnvironment({ GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  return execFileSync('git', ['-C', folder, ...who, ...args], {
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

/** A workspace of files given in one text (`writeFiles`), all of it committed on `main`; its scripts can be run. */
export function gitWorkspace(text: string): string {
  const folder = writeFiles(text);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  commitAll(folder);
  return folder;
}

/** Commits all that is in a workspace. */
export function commitAll(folder: string, message = 'All of it'): void {
  for (const name of fs.globSync('**/*.sh', { cwd: folder })) fs.chmodSync(path.join(folder, name), 0o755);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
}

/** Runs `strata build` without variables of build servers. */
export function build(cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  // What is not to be inherited has to be emptied, since `run` inherits all.
  const emptied = Object.keys(process.env).filter((name) => ofServers.test(name));
  const empty = Object.fromEntries(emptied.map((name) => [name, '']));
  return strata(['build', ...args], { cwd, env: { ...empty, ...cleanEnvironment(env) }, mostMs: 120_000 });
}

/** Likewise with `--json`: what came of each app. */
export async function buildJson(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const { stdout, stderr, code } = await build(cwd, [...args, '--json'], env);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { code, stderr, results: lines.map((line) => JSON.parse(line)) };
}

/** What a tarball holds, one line an entry, as the system's tar tells it; directly below are only names. */
export async function tarNames(file: string): Promise<string[]> {
  const { stdout } = await run('tar', ['--quoting-style=literal', '-tf', file], { cwd: path.dirname(file) });
  return stdout.split('\n').filter((line) => line !== '');
}

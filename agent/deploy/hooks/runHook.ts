import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { bytesText } from '../../../artifact/bytes.ts';
import { hasEnded, type Owner, processOwner } from '../../../artifact/store/owner.ts';
import { AgentError } from '../../failure.ts';
import type { Mask } from '../../mask/mask.ts';
import { writeLasting } from '../../releases/lasting.ts';
import { exitCode, type HookFiles, hookFiles } from './hookFiles.ts';
import { makeHookFolder } from './outputFolder.ts';
import { tail } from './tail.ts';

/** Takes lines; those whose number, counted from 1, is not higher than some were taken in an earlier life. */
export type TakeLines = (stream: 'stdout' | 'stderr', lines: string[], first: number) => Promise<void>;

/** The user that a hook runs as. */
export interface HookUser {
  uid: number;
  gid: number;
}

export interface HookOptions {
  /** Where the files of the deployment's hooks are. */
  folder: string;
  /** What its files are called: a hook's run, or the name of a step's program. */
  run: string;
  /** What it is called in messages. */
  name: string;
  /** The executable, and its arguments. */
  file: string;
  args?: readonly string[];
  cwd: string;
  env: Record<string, string>;
  user: HookUser | undefined;
  timeoutMs: number;
  /** How long it may take to end when it is told to, in milliseconds. */
  graceMs: number;
  /** How much it may write, in bytes. */
  mostOutput: number;
  mask: Mask;
  onLines: TakeLines;
  signal: AbortSignal;
}

/**
 * The hook begins when this process says so, and not before its process is recorded: so one that runs is always found again. A
 * signal to the group leaves the shell to note how the hook ended.
 */
const shell = 'read -r go || exit 125; trap : TERM INT HUP; "$0" "$@" </dev/null 3>&-; echo "$?" >&3';

/**
 * Runs a hook in a session of its own, with its output in files: it outlives this process. When cancelled, out of time or over its bound it is
 * told to end, with its group (`SIGTERM`), and then made to (`SIGKILL`). What it leaves running in the background when it ends by
 * itself stays. `failed`, `cancelled`.
 */
export async function runHook(options: HookOptions): Promise<void> {
  const { folder, run, onLines } = options;
  await makeHookFolder(folder);
  const files = hookFiles(folder, run);
  const child = await start(files, options);
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const watch = watchHook(child, options);
  try {
    await begin(child, files);
    await tailBoth({ files, mask: options.mask, ended: exit, onLines, count: watch.count });
  } catch (error) {
    watch.stop('failed', `its output cannot be kept: ${(error as Error).message}`);
    await exit;
  } finally {
    watch.end();
  }
  await exit;
  checkEnd(await exitCode(files), watch.why(), options);
}

/** Waits for a hook of an earlier life, and takes what it writes. @returns its exit code, where it left one. */
export async function awaitHook(
  { folder, run, mask, onLines }: Pick<HookOptions, 'folder' | 'run' | 'mask' | 'onLines'>,
  owner: Owner | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  const files = hookFiles(folder, run);
  const ended = owner === undefined ? Promise.resolve() : untilGone(owner, signal);
  await tailBoth({ files, mask, ended, onLines, count: () => {} });
  return await exitCode(files);
}

const lookEveryMs = 100;

/** Waits until a process is gone, or for the signal. */
export async function untilGone(owner: Owner, signal: AbortSignal): Promise<void> {
  while (hasEnded(owner) === false && !signal.aborted) await wait(lookEveryMs);
}

async function start(
  files: HookFiles,
  { name, file, args = [], cwd, env, user }: HookOptions,
): Promise<ChildProcess> {
  const handles: fs.FileHandle[] = [];
  try {
    for (const one of [files.stdout, files.stderr, files.code]) handles.push(await fs.open(one, 'a', 0o600));
    const [out, err, code] = handles.map(({ fd }) => fd) as [number, number, number];
    const child = spawn('/bin/sh', ['-c', shell, file, ...args], {
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
      ...{ cwd, env, detached: true, stdio: ['pipe', out, err, code] },
    });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return child;
  } catch (error) {
    const message = `${name} cannot be started (${file}): ${(error as Error).message}`;
    throw new AgentError('failed', message, { cause: error });
  } finally {
    await Promise.all(handles.map((one) => one.close()));
  }
}

async function begin(child: ChildProcess, files: HookFiles): Promise<void> {
  const { stdin } = child;
  // Where it is gone before it began, its end tells.
  stdin?.on('error', () => undefined);
  await writeLasting(files.process, JSON.stringify(processOwner(child.pid ?? 0)));
  stdin?.end('go\n');
}

interface BothOptions {
  files: HookFiles;
  mask: Mask;
  ended: Promise<unknown>;
  onLines: TakeLines;
  count(stream: 'stdout' | 'stderr', bytes: number): void;
}

async function tailBoth({ files, mask, ended, onLines, count }: BothOptions): Promise<void> {
  const follow = (stream: 'stdout' | 'stderr') => {
    let first = 1;
    return tail({
      file: files[stream],
      mask,
      ended,
      onBytes: (bytes) => count(stream, bytes),
      async onLines(lines) {
        await onLines(stream, lines, first);
        first += lines.length;
      },
    });
  };
  await Promise.all([follow('stdout'), follow('stderr')]);
}

type Why = { code: 'failed' | 'cancelled'; text: string } | undefined;

/** Ends a hook that may not go on. */
function watchHook(child: ChildProcess, options: HookOptions) {
  const { signal, timeoutMs, graceMs, mostOutput } = options;
  const written = { stdout: 0, stderr: 0 };
  let why: Why;
  let force: NodeJS.Timeout | undefined;
  const stop = (code: 'failed' | 'cancelled', text: string) => {
    if (why !== undefined) return;
    why = { code, text };
    killGroup(child, 'SIGTERM');
    force = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
  };
  const cancel = () => stop('cancelled', 'it was cancelled');
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const timer = setTimeout(() => stop('failed', `it took longer than ${timeoutMs / 1000} s`), timeoutMs);
  return {
    stop,
    why: () => why,
    count(stream: 'stdout' | 'stderr', bytes: number) {
      written[stream] = bytes;
      if (written.stdout + written.stderr > mostOutput)
        stop('failed', `it wrote over ${bytesText(mostOutput)}`);
    },
    end() {
      signal.removeEventListener('abort', cancel);
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null) clearTimeout(force);
    },
  };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // Nobody is left of it.
  }
}

function checkEnd(code: number | undefined, why: Why, { name, file }: HookOptions): void {
  if (why !== undefined) throw new AgentError(why.code, `${name} was ended: ${why.text}`);
  if (code === 0) return;
  if (code === undefined) throw new AgentError('failed', `${name} was killed (${file})`);
  const told = code > 128 ? `was ended by signal ${code - 128}` : `failed with exit code ${code}`;
  throw new AgentError('failed', `${name} ${told} (${file})`);
}

import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { checkCancelled } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';
import { durationText } from './duration.ts';
import { eachLine } from './lines.ts';
import type { Undo } from './undo.ts';

export interface CommandOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** How messages name the command. */
  name: string;
  signal: AbortSignal;
  timeoutMs: number;
  undo: Undo;
  onBytes(bytes: Uint8Array): void;
  onLines(lines: string[]): void | Promise<void>;
}

/** How long a process that was told to end may take, before it is made to. */
const graceMs = 5000;

/** How long what a command left running may hold its output open without a word. */
const lingerMs = 2000;

const isWindows = process.platform === 'win32';

/**
 * Runs a command in a process group of its own, without input. It ends with the group: told to (`SIGTERM`) when cancelled or
 * out of time, made to (`SIGKILL`) five seconds later. What it left running in the background goes, too.
 * @throws ArtifactError `failed` where it fails, cannot be started or takes too long; `cancelled`.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<void> {
  checkCancelled(options.signal);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: !isWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const forget = options.undo.add(() => killGroup(child, 'SIGKILL'));
  const watch = watchTime(child, options);
  try {
    const exit = exitOf(child);
    const output = readOutput(child, options, exit);
    const ended = await exit;
    await output;
    tellEnd(ended, watch.reason(), options);
  } finally {
    watch.end();
    killGroup(child, 'SIGKILL');
    forget();
  }
}

/** How a process ended; `error` where it never began. */
type Ended = { code: number | null; signal: NodeJS.Signals | null } | { error: NodeJS.ErrnoException };

function exitOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Reads both streams to their ends, but not for ever: a process that was left behind may hold them open. */
async function readOutput(child: ChildProcess, options: CommandOptions, exit: Promise<Ended>): Promise<void> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) return;
  let lastMs = performance.now();
  let busy = 0;
  const onLines = async (lines: string[]) => {
    busy++;
    await options.onLines(lines);
    busy--;
    lastMs = performance.now();
  };
  const read = (stream: Readable) =>
    eachLine(stream, options.onBytes, onLines).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    });
  let timer: NodeJS.Timeout | undefined;
  void exit.then(() => {
    lastMs = performance.now();
    timer = setInterval(() => {
      if (busy > 0 || performance.now() - lastMs < lingerMs) return;
      killGroup(child, 'SIGKILL');
      stdout.destroy();
      stderr.destroy();
    }, lingerMs / 4);
  });
  try {
    await Promise.all([read(stdout), read(stderr)]);
    await exit;
  } finally {
    clearInterval(timer);
  }
}

/** Ends the process when it is cancelled, or when its time is up. */
function watchTime(child: ChildProcess, { signal, timeoutMs }: CommandOptions) {
  let reason: 'cancelled' | 'timeout' | undefined;
  let force: NodeJS.Timeout | undefined;
  const stop = (why: 'cancelled' | 'timeout') => {
    if (reason !== undefined) return;
    reason = why;
    killGroup(child, 'SIGTERM');
    force = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
  };
  const cancel = () => stop('cancelled');
  signal.addEventListener('abort', cancel, { once: true });
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  return {
    reason: () => reason,
    end() {
      signal.removeEventListener('abort', cancel);
      clearTimeout(timer);
      clearTimeout(force);
    },
  };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Nobody is left of it.
  }
}

function tellEnd(ended: Ended, reason: 'cancelled' | 'timeout' | undefined, options: CommandOptions): void {
  const { name, timeoutMs } = options;
  if (reason === 'cancelled') throw new ArtifactError('cancelled', `${name} was cancelled`);
  if (reason === 'timeout') {
    const message = `${name} took longer than ${durationText(timeoutMs)} and was ended: give it more with --timeout, or \`timeout\` in the manifest`;
    throw new ArtifactError('failed', message);
  }
  if ('error' in ended) throw new ArtifactError('failed', startFailure(name, ended.error), ended.error);
  if (ended.signal !== null) throw new ArtifactError('failed', `${name} was ended by ${ended.signal}`);
  if (ended.code !== 0) throw new ArtifactError('failed', `${name} failed with exit code ${ended.code}`);
}

function startFailure(name: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `${name} cannot be started: it, or the interpreter in its first line, is not there`;
    case 'EACCES':
      return `${name} may not be run: make it executable (chmod +x)`;
    default:
      return `${name} cannot be started: ${error.message}`;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Balancer, BalancerError } from './balancer.ts';

interface How {
  env: Readonly<Record<string, string>>;
  /** In which they are run. */
  folder: string;
  timeoutMs: number;
}

/** Any balancer that commands can tell something. They wait by themselves; nobody knows which boxes are in. */
export function commandBalancer(name: string, argv: (which: 'out' | 'in') => string[], how: How): Balancer {
  return {
    name,
    pool: undefined,
    leave: async () => 'leaves',
    async rest(signal) {
      await run(argv('out'), how, signal);
      return null;
    },
    enter: (_, signal) => run(argv('in'), how, signal),
    state: async () => ({ text: null, isIn: null, open: null }),
  };
}

/** So long one that was asked to end may take, in milliseconds. */
const graceMs = 5000;

async function run([program = '', ...rest]: string[], how: How, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(program, rest, {
    ...{ cwd: how.folder, env: { ...ownEnvironment(), ...how.env } },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl+C is ours to hear.
    detached: !isWindows,
  });
  let told = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      told = (told + text).slice(-2000);
    });
  }
  const late = AbortSignal.timeout(how.timeoutMs);
  const stopping = AbortSignal.any([signal, late]);
  const stop = () => end(child);
  stopping.addEventListener('abort', stop, { once: true });
  try {
    const [code, killedBy] = await once(child, 'close');
    signal.throwIfAborted();
    if (code === 0) return;
    const way = late.aborted
      ? `did not end within ${how.timeoutMs / 1000} s`
      : `ended with ${killedBy === null ? `exit code ${code}` : killedBy}`;
    throw new BalancerError(`the command ${program} ${way}: ${lastLine(told)}`);
  } catch (error) {
    throw spawnError(program, how, error);
  } finally {
    stopping.removeEventListener('abort', stop);
  }
}

const isWindows = process.platform === 'win32';

/** Tokens of agents are no business of a balancer's. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^STRATA_TOKEN(_|$)/.test(name)));
}

/** Ends it, with all that it started. */
function end(child: ChildProcess): void {
  const tell = (signal: NodeJS.Signals) => {
    try {
      if (isWindows || child.pid === undefined) child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It has ended.
    }
  };
  tell('SIGTERM');
  const timer = setTimeout(tell, graceMs, 'SIGKILL');
  child.once('close', () => clearTimeout(timer));
}

function lastLine(told: string): string {
  return told.trim().split('\n').at(-1)?.slice(0, 500) || 'it said nothing';
}

function spawnError(program: string, { folder }: How, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof BalancerError || code === undefined || typeof code !== 'string') return error;
  const text = code === 'ENOENT' ? `there is no such program, seen from ${folder}` : message;
  return new BalancerError(`the command ${program} cannot be run: ${text}`);
}

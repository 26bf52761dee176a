import { Worker } from 'node:worker_threads';
import type { Task } from './worker.ts';

/** What became of some documents. */
export interface Read {
  read: number;
  seconds: number;
  /** What went wrong with the first that did. */
  failure: string | undefined;
}

export interface ReadOptions {
  seed: number;
  count: number;
  told?: (line: string) => void;
}

/** A document that is not read in this time hangs; the usual ones take milliseconds. */
const hangingMs = 10_000;
const lookEveryMs = 500;
const tellEvery = 10_000;

/** Reads documents in a thread of its own, so that one that is never done is seen. */
export function readDocuments({ seed, count, told }: ReadOptions): Promise<Read> {
  const at = new Int32Array(new SharedArrayBuffer(4));
  const task: Task = { seed, from: 0, to: count, at };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: task,
    execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
  });
  const started = performance.now();
  let failure: string | undefined;
  const watchdog = watch(at, told, (index) => {
    failure = `document ${index} of seed ${seed} takes more than ${hangingMs} ms`;
    void worker.terminate();
  });
  worker.on('message', (message: string) => {
    failure ??= message;
  });
  worker.on('error', (error) => {
    failure ??= `behind document ${at[0]} of seed ${seed}: ${error instanceof Error ? error.stack : error}`;
  });
  return new Promise((resolve) => {
    worker.on('exit', () => {
      clearInterval(watchdog);
      const read = failure === undefined ? count : Atomics.load(at, 0);
      resolve({ read, seconds: Math.round((performance.now() - started) / 1000), failure });
    });
  });
}

function watch(at: Int32Array, told: ReadOptions['told'], hangs: (index: number) => void): NodeJS.Timeout {
  let last = -1;
  let since = performance.now();
  let toTell = tellEvery;
  return setInterval(() => {
    const now = Atomics.load(at, 0);
    if (now >= toTell) {
      told?.(`${now} documents`);
      toTell += tellEvery;
    }
    if (now !== last) since = performance.now();
    else if (performance.now() - since > hangingMs) hangs(now);
    last = now;
  }, lookEveryMs);
}

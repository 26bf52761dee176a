import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const guard = path.resolve(import.meta.dirname, '../../../scripts/lib/guard.mjs');

/** A process that does not outlive this one, in whatever way this one ends. */
export interface Guarded {
  /** Ends it with all that it started. */
  stop(): Promise<void>;
  /** When it has ended. */
  ended: Promise<void>;
  hasEnded(): boolean;
}

/**
 * Starts a command whose output goes to a file.
 * @param folder taken away when it has ended
 */
export function startGuarded(command: readonly string[], log: string, folder = ''): Guarded {
  const out = fs.openSync(log, 'a');
  const child: ChildProcess = spawn(process.execPath, [guard, folder, ...command], {
    // Its standard input tells it that we are gone.
    stdio: ['pipe', out, out],
  });
  fs.closeSync(out);
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      isOver = true;
      resolve();
    });
  });
  return {
    ended,
    hasEnded: () => isOver,
    stop() {
      child.stdin?.end();
      return ended;
    },
  };
}

const lookEveryMs = 20;
const longestMs = 60_000;

/** Waits until something that tells nobody is so; `explain` says what is seen where it does not become so. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  explain: () => string = () => '',
): Promise<void> {
  const end = Date.now() + longestMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited ${longestMs / 1000} s until ${what}\n${explain()}`);
    await wait(lookEveryMs);
  }
}

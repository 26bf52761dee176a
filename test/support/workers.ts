import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const worker = path.resolve(import.meta.dirname, '../artifact/store/worker.ts');

/** A process that writes to a store. */
export type Worker = ChildProcessByStdio<null, Readable, null>;

/** Starts a process that writes to a store: see `worker.ts` for what it can do. */
export function startWorker(
  ...args: [address: string, command: string, key: string, number: number]
): Worker {
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  return spawn(
    process.execPath,
    ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', worker, ...args.map(String)],
    {
      stdio,
    },
  );
}

/** What a process says until it ends. */
export async function saidBy(child: Worker): Promise<string> {
  const closed = once(child, 'close');
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8')) said += text;
  await closed;
  return said.trim();
}

/** Kills a process once it has said so many lines. */
export async function killAfter(child: Worker, lines: number): Promise<void> {
  const closed = once(child, 'close');
  let said = 0;
  for await (const _ of createInterface(child.stdout)) if (++said === lines) child.kill('SIGKILL');
  await closed;
}

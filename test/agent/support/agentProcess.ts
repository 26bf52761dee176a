import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { quickNode } from '../../support/quickNode.ts';
import { ci } from '../../support/repository.ts';
import type { AgentTask } from '../deploy/agentProcess.ts';
import type { TestBox } from './box.ts';

const entry = path.resolve(import.meta.dirname, '../deploy/agentProcess.ts');

export type AgentChild = ChildProcessByStdio<null, Readable, null>;

/** What Node is told to start an agent over a box. */
export function childArguments({ root, store }: TestBox, task: Partial<AgentTask>): string[] {
  const nothing = { request: null, waiting: [], kill: null, clockMs: 0 };
  const usual = { ...nothing, side: 'after', isJumping: false, hasDaemon: false };
  const whole = { root, store, key: ci.public.text, ...usual, ...task };
  return ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', entry, JSON.stringify(whole)];
}

/** Starts an agent over a box in a process of its own. */
export function startChild(box: TestBox, task: Partial<AgentTask>): AgentChild {
  return spawn(process.execPath, childArguments(box, task), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: quickNode,
  });
}

/** Whether a process was killed; it must not have ended in any other way than well. */
export async function outcome(child: AgentChild): Promise<{ isKilled: boolean }> {
  const exit = once(child, 'exit');
  const said = (await text(child.stdout)).trim().split('\n');
  const [, signal] = await exit;
  const isKilled = signal === 'SIGKILL';
  if (!isKilled && said.at(-1) !== 'ended') throw new Error(`the agent's process failed: ${said}`);
  return { isKilled };
}

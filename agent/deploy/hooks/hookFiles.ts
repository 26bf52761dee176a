import fs from 'node:fs/promises';
import path from 'node:path';
import { hasEnded, type Owner } from '../../../artifact/store/owner.ts';
import { ifThere, readJson } from '../../releases/lasting.ts';

/** The runs of hooks: `restored` is the `deployed` hook of the release that a rollback went back to. */
export const hookRuns = ['prepare', 'deployed', 'validate', 'restored'] as const;
export type HookRun = (typeof hookRuns)[number];

/** The files that a run of a hook writes, which outlive the agent as the hook does. */
export interface HookFiles {
  /** Which process it is. */
  process: string;
  /** What it prints: in memory, where that is to be had (outputFolder.ts). */
  stdout: string;
  stderr: string;
  /** Its exit code, once it has ended. */
  code: string;
}

/** How far a hook came that was begun; `code` is `undefined` where nobody knows. */
export type HookFate = { isRunning: true; owner: Owner } | { isRunning: false; code: number | undefined };

/** @param folder that of the deployment's hooks. @param run a hook's, or the name of a step's program. */
export function hookFiles(folder: string, run: string): HookFiles {
  const file = (what: string, within = '') => path.join(folder, within, `${run}.${what}`);
  return {
    process: file('json'),
    stdout: file('stdout', 'output'),
    stderr: file('stderr', 'output'),
    code: file('code'),
  };
}

/** What became of a hook that an earlier life of the agent began; nothing where it was not begun. */
export async function hookFate(folder: string, run: string): Promise<HookFate | undefined> {
  const files = hookFiles(folder, run);
  const owner = (await readJson(files.process)) as Owner | undefined;
  if (owner === undefined) return undefined;
  // On a machine that was started anew nothing of it is left.
  if (hasEnded(owner) === false) return { isRunning: true, owner };
  return { isRunning: false, code: await exitCode(files) };
}

/** The exit code that a hook left; nothing where it was killed together with its group. */
export async function exitCode(files: HookFiles): Promise<number | undefined> {
  // A hook that had to be run again noted its end behind the other.
  const text = (await ifThere(fs.readFile(files.code, 'utf8')))?.trim().split('\n').at(-1) ?? '';
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

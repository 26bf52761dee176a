import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isObject, parsed } from '../../artifact/signing/manifest.ts';
import { readRollout } from '../../remote/rollout/readRollout.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import { UsageError, WorkError } from '../failure.ts';

/** A rollout as it lies on the disk. */
interface Kept {
  rollout: Rollout;
  /** The process that wrote it last. */
  by: { pid: number; host: string };
}

/** Which rollout is meant: one by its id, or the last one of an app, an environment and a workspace. */
export interface Asked {
  id?: string | undefined;
  app?: string | undefined;
  environment?: string | undefined;
  workspace?: string | undefined;
}

/** So many rollouts are kept. */
const most = 100;

/** Where rollouts are kept: `strata/rollouts` in `XDG_STATE_HOME`, or in `~/.local/state`. */
export function rolloutsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const given = env.XDG_STATE_HOME ?? '';
  const state = path.isAbsolute(given) ? given : path.join(os.homedir(), '.local/state');
  return path.join(state, 'strata/rollouts');
}

/** Keeps a rollout: whole and on the disk, or as it was before. */
export function keepRollout(rollout: Rollout, folder: string = rolloutsFolder()): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${rollout.id}.json`);
  const isNew = !fs.existsSync(file);
  const kept: Kept = { by: { pid: process.pid, host: os.hostname() }, rollout };
  writeLasting(file, `${JSON.stringify(kept, null, 2)}\n`);
  if (isNew) clearOld(folder);
}

function writeLasting(file: string, text: string): void {
  const staged = `${file}.${process.pid}`;
  try {
    const opened = fs.openSync(staged, 'w', 0o600);
    try {
      fs.writeSync(opened, text);
      fs.fsyncSync(opened);
    } finally {
      fs.closeSync(opened);
    }
    fs.renameSync(staged, file);
  } catch (error) {
    fs.rmSync(staged, { force: true });
    throw error;
  }
}

/** The ids begin with the time. */
function clearOld(folder: string): void {
  for (const id of idsIn(folder).slice(most)) fs.rmSync(path.join(folder, `${id}.json`), { force: true });
}

/** Newest first. */
function idsIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names
    .map((name) => name.slice(0, -5))
    .sort()
    .reverse();
}

/** Finds a rollout. Throws where there is none like it, or where another process still runs it. */
export function findRollout(asked: Asked, folder: string = rolloutsFolder()): Rollout {
  for (const id of asked.id === undefined ? idsIn(folder) : [asked.id]) {
    const kept = load(folder, id);
    if (kept === undefined || !fits(kept.rollout, asked)) continue;
    if (runs(kept)) {
      throw new WorkError(
        `the rollout ${id} is being run by process ${kept.by.pid}: wait for it, or stop it`,
      );
    }
    return kept.rollout;
  }
  const what = asked.id === undefined ? 'no rollout is known' : `no rollout ${asked.id} is known`;
  const of = [asked.app, asked.environment].filter((one) => one !== undefined).join(' in ');
  throw new UsageError(`${what}${of === '' ? '' : ` of ${of}`} (they are kept in ${folder})`);
}

function load(folder: string, id: string): Kept | undefined {
  const file = path.join(folder, `${path.basename(id)}.json`);
  if (!fs.existsSync(file)) return undefined;
  const value = parsed(fs.readFileSync(file, 'utf8'));
  const rollout = isObject(value) ? readRollout(value.rollout) : undefined;
  if (!isObject(value) || rollout === undefined)
    throw new WorkError(`${file} holds no rollout that is known here`);
  const by = isObject(value.by) ? value.by : {};
  return { rollout, by: { pid: Number(by.pid), host: String(by.host) } };
}

function fits(rollout: Rollout, { id, app, environment, workspace }: Asked): boolean {
  if (app !== undefined && app !== rollout.app) return false;
  if (environment !== undefined && environment !== rollout.environment) return false;
  return id !== undefined || workspace === undefined || workspace === rollout.workspace;
}

/** Whether the process that wrote it last goes on with it. */
function runs({ rollout, by }: Kept): boolean {
  const isOver = rollout.boxes.every((one) => one.outcome !== null);
  if (isOver || by.host !== os.hostname() || by.pid === process.pid) return false;
  try {
    process.kill(by.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isObject } from '../../protocol/values.ts';
import { parsed } from '../http/ask.ts';
import { readRollout } from './readRollout.ts';
import type { Rollout } from './record.ts';

/** A rollout as it lies on the disk. */
export interface Kept {
  rollout: Rollout;
  /** The process that wrote it last. */
  by: { pid: number; host: string };
}

/** So many rollouts are kept. */
const most = 100;

/** Keeps a rollout in a folder: whole and on the disk, or as it was before. Throws what the system says. */
export function keepRollout(rollout: Rollout, folder: string): void {
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
  for (const id of keptIds(folder).slice(most)) fs.rmSync(path.join(folder, `${id}.json`), { force: true });
}

/** The ids of the rollouts in a folder, newest first. */
export function keptIds(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names
    .map((name) => name.slice(0, -5))
    .sort()
    .reverse();
}

/** Reads one; `missing`, and `unknown` where the file holds no rollout that is known here. */
export function readKept(folder: string, id: string): Kept | 'missing' | 'unknown' {
  const file = path.join(folder, `${path.basename(id)}.json`);
  if (!fs.existsSync(file)) return 'missing';
  const value = parsed(fs.readFileSync(file, 'utf8'));
  const rollout = isObject(value) ? readRollout(value.rollout) : undefined;
  if (!isObject(value) || rollout === undefined) return 'unknown';
  const by = isObject(value.by) ? value.by : {};
  return { rollout, by: { pid: Number(by.pid), host: String(by.host) } };
}

/** Whether another process that wrote it last goes on with it. */
export function isRunElsewhere({ rollout, by }: Kept): boolean {
  const isOver = rollout.boxes.every((one) => one.outcome !== null);
  if (isOver || by.host !== os.hostname() || by.pid === process.pid) return false;
  try {
    process.kill(by.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

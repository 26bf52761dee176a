import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';
import { isGone } from './failure.ts';
import { journalsFolder, segmentFile, segmentNumbers } from './layout.ts';
import { mostLost } from './writer.ts';

/** No record of an event is shorter, in bytes. */
const shortestRecord = 48;

/** A number that no event of a journal can be above, whatever became of its files. */
export async function lastPossible(folder: string, last: number): Promise<number> {
  const names = await fs.readdir(folder).catch(() => []);
  const first = segmentNumbers(names).at(-1) ?? 1;
  const stat = await fs.stat(segmentFile(folder, first)).catch(() => undefined);
  return Math.max(last, first + Math.ceil((stat?.size ?? 0) / shortestRecord)) + mostLost;
}

/** Gives the folder of a journal another name, under which nobody looks for a journal. @returns its new path. */
export async function setJournalAside(state: string, deployment: string, folder: string): Promise<string> {
  const parent = journalsFolder(state);
  const aside = path.join(parent, `.damaged-${deployment}-${randomBytes(3).toString('hex')}`);
  try {
    await fs.rename(folder, aside);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  await syncFolder(parent);
  return aside;
}

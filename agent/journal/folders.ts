import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';
import { AgentError } from '../failure.ts';
import { isGone } from './failure.ts';
import { isDeploymentName, journalFolder, journalsFolder, markName, segmentFile } from './layout.ts';
import { markText, numberOf } from './mark.ts';

const asidePrefix = '.new-';
const gonePrefix = '.gone-';
const damagedPrefix = '.damaged-';
/** So many that were set aside stay, for people to look at. */
const mostDamaged = 20;

/** Makes the folder of a journal with nothing in it, whole or not at all, and on the disk when this returns. */
export async function makeJournalFolder(state: string, deployment: string, folder: string): Promise<void> {
  const parent = journalsFolder(state);
  const first = await fs.mkdir(parent, { recursive: true, mode: 0o700 });
  if (first !== undefined) await syncFolder(path.dirname(first));
  const number = ((await listFolders(state)).at(-1)?.number ?? 0) + 1;
  const aside = path.join(parent, `${asidePrefix}${process.pid}-${deployment}`);
  await fs.rm(aside, { recursive: true, force: true });
  try {
    await fs.mkdir(aside, { mode: 0o700 });
    await fs.writeFile(path.join(aside, markName), await markText(number), { flush: true, mode: 0o600 });
    await fs.writeFile(segmentFile(aside, 1), '', { flush: true, mode: 0o600 });
    await syncFolder(aside);
    await putInPlace(aside, folder);
    await syncFolder(parent);
  } finally {
    await fs.rm(aside, { recursive: true, force: true }).catch(() => {});
  }
}

/** A folder of that name that holds something stays. */
async function putInPlace(aside: string, folder: string): Promise<void> {
  try {
    await fs.rename(aside, folder);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) throw error;
    throw new AgentError('invalid', `there is a journal in ${folder} already`, { cause: error });
  }
}

/** The journals of a box, oldest first. */
export async function listFolders(state: string): Promise<{ name: string; number: number }[]> {
  const names = await fs.readdir(journalsFolder(state)).catch((error) => {
    if (isGone(error)) return [];
    throw error;
  });
  const found = await Promise.all(names.filter(isDeploymentName).map((name) => readMark(state, name)));
  return found.flat().sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
}

/** One whose mark cannot be read was made before all others: it keeps nobody from making journals. */
async function readMark(state: string, name: string): Promise<{ name: string; number: number }[]> {
  try {
    const text = await fs.readFile(path.join(journalsFolder(state), name, markName), 'utf8');
    return [{ name, number: numberOf(text) }];
  } catch (error) {
    return isGone(error) ? [] : [{ name, number: 0 }];
  }
}

/** Takes a journal away as a whole: it is there, or it is not. */
export async function removeFolder(state: string, deployment: string): Promise<void> {
  const gone = path.join(journalsFolder(state), `${gonePrefix}${deployment}`);
  await fs.rename(journalFolder(state, deployment), gone);
  await fs.rm(gone, { recursive: true, force: true });
}

/** Takes away what was begun by processes that were killed, and the oldest of what was set aside. */
export async function sweepFolders(state: string): Promise<void> {
  const parent = journalsFolder(state);
  const names = await fs.readdir(parent);
  const gone = names.filter((name) => isLeftOver(name) || name.startsWith(gonePrefix));
  const damaged = names.filter((name) => name.startsWith(damagedPrefix)).sort();
  for (const name of [...gone, ...damaged.slice(0, -mostDamaged)]) {
    await fs.rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function isLeftOver(name: string): boolean {
  const pid = Number(/^\.new-(\d+)-/.exec(name)?.[1]);
  return pid > 0 && pid !== process.pid && !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

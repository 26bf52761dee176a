import fs from 'node:fs/promises';
import path from 'node:path';
import { ifThere } from '../releases/lasting.ts';
import { appPlaces } from '../releases/layout.ts';
import { removeTree, sweep } from '../releases/staging.ts';
import { appNames } from './apps.ts';
import { endUnknown, type Found, findJournal } from './damage.ts';
import { appLock, type Fleet, launch } from './fleet.ts';
import { removeHookFolder } from './hooks/outputFolder.ts';
import { type Lock, lockFile } from './lock.ts';
import { nobody, recordOfDamaged } from './lostRecord.ts';
import { type DeploymentRecord, inOrder } from './records.ts';
import { recover } from './recover.ts';
import { run } from './run.ts';
import { type Work, withReserve } from './work.ts';

/** A deployment that has not ended, and what there is of it. */
interface Left extends Found {
  record: DeploymentRecord;
}

/**
 * Takes up what an earlier life of the agent left. Apps that a deployment had to itself are locked when this ends; what remains to be done is
 * done then. One that is damaged is set aside and told as `unknown`; it keeps no other from going on.
 */
export async function takeUp(fleet: Fleet): Promise<void> {
  const { records, damaged } = await fleet.box.records.load();
  const lost = new Map(damaged.map(({ id, why }) => [id, `its record was damaged (${why})`]));
  for (const one of damaged) records.push(await recordOfDamaged(fleet, one));
  for (const record of inOrder(records)) fleet.records.set(record.id, record);
  const unfinished = records.filter((record) => record.result === null);
  const left: Left[] = [];
  for (const record of unfinished) {
    const found = await withReserve(fleet.box, () => findJournal(fleet, record, lost.get(record.id)));
    if (found !== undefined) left.push({ ...found, record });
  }
  // Some have ended, and only their records do not say so: nothing of theirs is needed.
  const goingOn = left.filter(({ past }) => past.ended === undefined);
  await sweepAll(fleet, new Set(goingOn.map(({ record }) => record.id)));
  // Those that wait get their turns behind those that have an app already.
  for (const one of left) if (!isWaiting(one)) await goOn(fleet, one);
  for (const one of left)
    if (isWaiting(one)) launch(fleet, one.record, one.journal, undefined, (work) => begin(work));
}

/** Nothing was done for it yet: it is done now, when its turn comes. */
function isWaiting({ record, past, lost }: Left): boolean {
  return past.state === 'accepted' && past.ended === undefined && record.swing === null && lost === undefined;
}

async function begin(work: Work): Promise<void> {
  // An app that was taken out of the config meanwhile is refused, as at the door.
  work.box.options.settings(work.record.app);
  await run(work);
}

/** One whose end was told is only put down as such. */
async function goOn(fleet: Fleet, { record, journal, past, lost }: Left): Promise<void> {
  record.state = past.state;
  record.reason = past.reason ?? null;
  record.lastEvent = journal.last;
  if (past.ended === undefined) {
    const lock = await lockFor(fleet, record, lost !== undefined);
    return launch(fleet, record, journal, lock, (work, own) =>
      lost === undefined ? recover(work, past, own) : endUnknown(work, lost, own),
    );
  }
  record.result = past.ended;
  // Where that cannot be kept, the next life finds it out again.
  await withReserve(fleet.box, () => fleet.box.records.save(record)).catch(() => undefined);
  await journal.close();
}

/** One that had not looked at the app yet did nothing to it, and needs no lock to end. */
async function lockFor(fleet: Fleet, { swing, app }: DeploymentRecord, isLost: boolean): Promise<Lock> {
  const noLock: Lock = { own: async () => {}, release: async () => {} };
  if (app === nobody || (swing === null && !isLost)) return noLock;
  const lock = await lockFile(appLock(fleet, app), { wait: true });
  return lock ?? noLock;
}

/** Takes away what is left of deployments that do not go on; what cannot be taken away holds nobody up. */
async function sweepAll({ box }: Fleet, goingOn: ReadonlySet<string>): Promise<void> {
  const { root, log } = box.options;
  const trying = async (folder: string, work: Promise<unknown>) => {
    await work.catch((error: Error) => log?.(`${folder} could not be swept: ${error.message}`));
  };
  for (const app of await appNames(root)) {
    const places = appPlaces(root, app);
    await trying(places.unpack, sweep(places, goingOn));
  }
  const hooks = path.join(box.state, 'hooks');
  const names = (await ifThere(fs.readdir(hooks))) ?? [];
  for (const name of names)
    if (!goingOn.has(name)) await trying(hooks, removeHookFolder(path.join(hooks, name)));
  const steps = path.join(box.state, 'steps');
  for (const name of (await ifThere(fs.readdir(steps))) ?? [])
    if (!goingOn.has(name)) await trying(steps, removeTree(path.join(steps, name)));
}

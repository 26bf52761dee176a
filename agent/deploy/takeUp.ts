import fs from 'node:fs/promises';
import path from 'node:path';
import { AgentError } from '../failure.ts';
import type { Journal } from '../journal/journal.ts';
import { ifThere } from '../releases/lasting.ts';
import { appPlaces } from '../releases/layout.ts';
import { sweep } from '../releases/staging.ts';
import { appNames } from './apps.ts';
import { appLock, type Fleet, launch } from './fleet.ts';
import { removeHookFolder } from './hooks/outputFolder.ts';
import { type Lock, lockFile } from './lock.ts';
import { readPast } from './past.ts';
import type { DeploymentRecord } from './records.ts';
import { recover } from './recover.ts';

/**
 * Takes up what an earlier life of the agent left. Apps that a deployment had to itself are locked when this ends; what remains to be done is
 * done then.
 */
export async function takeUp(fleet: Fleet): Promise<void> {
  const known = await fleet.box.records.load();
  for (const record of known) fleet.records.set(record.id, record);
  const unfinished = known.filter((record) => record.result === null);
  await sweepAll(fleet, new Set(unfinished.map(({ id }) => id)));
  for (const record of unfinished) {
    const journal = await journalOf(fleet, record);
    await goOn(fleet, record, journal);
  }
}

/** One whose end was told is only put down as such. */
async function goOn(fleet: Fleet, record: DeploymentRecord, journal: Journal): Promise<void> {
  const past = await readPast(journal);
  record.state = past.state;
  record.reason = past.reason ?? null;
  record.lastEvent = journal.last;
  if (past.ended === undefined) {
    const lock = await lockFor(fleet, record);
    return launch(fleet, record, journal, lock, (work, own) => recover(work, past, own));
  }
  record.result = past.ended;
  await fleet.box.records.save(record);
  await journal.close();
}

/** One that had not looked at the app yet did nothing to it, and needs no lock to end. */
async function lockFor(fleet: Fleet, { swing, app }: DeploymentRecord): Promise<Lock> {
  const noLock: Lock = { own: async () => {}, release: async () => {} };
  if (swing === null) return noLock;
  const lock = await lockFile(appLock(fleet, app), { wait: true });
  return lock ?? noLock;
}

async function journalOf({ box }: Fleet, { id }: DeploymentRecord): Promise<Journal> {
  const { journals } = box.options;
  try {
    return await journals.open(id);
  } catch (error) {
    // The agent was stopped between the record and its journal.
    if (error instanceof AgentError && error.code === 'missing') return await journals.create(id);
    throw error;
  }
}

/** Takes away what is left of deployments that have ended. */
async function sweepAll({ box }: Fleet, unfinished: ReadonlySet<string>): Promise<void> {
  const { root } = box.options;
  for (const app of await appNames(root)) await sweep(appPlaces(root, app), unfinished);
  const hooks = path.join(box.state, 'hooks');
  const names = (await ifThere(fs.readdir(hooks))) ?? [];
  for (const name of names) if (!unfinished.has(name)) await removeHookFolder(path.join(hooks, name));
}

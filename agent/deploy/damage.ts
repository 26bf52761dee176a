import { AgentError } from '../failure.ts';
import type { Journal } from '../journal/journal.ts';
import { isOfWholeDisk } from './failures.ts';
import { finish } from './finish.ts';
import type { Fleet } from './fleet.ts';
import { untilGone } from './hooks/runHook.ts';
import type { Lock } from './lock.ts';
import { begunHook } from './outlived.ts';
import { type Past, readPast } from './past.ts';
import type { DeploymentRecord } from './records.ts';
import { untilCommandsGone } from './steps/commands.ts';
import { say, type Work } from './work.ts';

/** What there is of a deployment that has not ended. */
export interface Found {
  journal: Journal;
  past: Past;
  /** What of it was damaged: nobody knows how far it came. */
  lost: string | undefined;
}

/**
 * The journal of a deployment and what it says; one that cannot be read is set aside. Nothing where not even that can be done: then the
 * deployment has ended as `unknown`. Fails only where the disk does not let anything be done.
 */
export async function findJournal(
  fleet: Fleet,
  record: DeploymentRecord,
  lost: string | undefined,
): Promise<Found | undefined> {
  const { log } = fleet.box.options;
  try {
    const found = await readJournal(fleet, record, lost);
    if (found.lost !== undefined && found.past.ended === undefined)
      log?.(`deployment ${record.id} of ${record.app} is unknown: ${found.lost}`);
    return found;
  } catch (error) {
    if (isOfWholeDisk(error)) throw error;
    const { message } = error as Error;
    const reason = [lost, `its journal cannot be used (${message})`].filter(Boolean).join(', and ');
    log?.(`deployment ${record.id} of ${record.app} is unknown: ${reason}`);
    Object.assign(record, { state: 'unknown', result: 'unknown', reason });
    await fleet.box.records.save(record).catch(() => undefined);
    return undefined;
  }
}

async function readJournal(
  { box }: Fleet,
  { id, lastEvent }: DeploymentRecord,
  lost: string | undefined,
): Promise<Found> {
  const { journals } = box.options;
  let journal: Journal | undefined;
  try {
    journal = await openOrCreate(journals, id);
    return { journal, past: await readPast(journal), lost };
  } catch (error) {
    await journal?.close().catch(() => undefined);
    if (isOfWholeDisk(error)) throw error;
    const { journal: fresh, aside } = await journals.replace(id, lastEvent);
    const why = `its journal was damaged (${(error as Error).message}), and lies in ${aside} now`;
    return {
      journal: fresh,
      past: await readPast(fresh),
      lost: lost === undefined ? why : `${lost}, and ${why}`,
    };
  }
}

async function openOrCreate(journals: Fleet['box']['options']['journals'], id: string): Promise<Journal> {
  try {
    return await journals.open(id);
  } catch (error) {
    // The agent was stopped between the record and its journal.
    if (error instanceof AgentError && error.code === 'missing') return await journals.create(id);
    throw error;
  }
}

/** Ends a deployment of which nobody knows how far it came; the app is its own until no hook of it runs. Never throws. */
export async function endUnknown(work: Work, why: string, lock: Lock): Promise<void> {
  const isQuiet = await untilCommandsGone(work, lock).catch(() => true);
  if (!isQuiet) return;
  const hook = await begunHook(work).catch(() => undefined);
  if (hook?.fate.isRunning) {
    const { id, user } = work.record;
    const { pid } = hook.fate.owner;
    const what = `waiting for the hook ${hook.run} of ${id}: process ${pid} outlived the agent`;
    await lock.own({ deployment: id, user, since: Date.now(), what }).catch(() => undefined);
    say(work, hook.run, what);
    await untilGone(hook.fate.owner, work.leaving);
    if (work.leaving.aborted) return;
  }
  await finish(work, 'unknown', `${why}; nobody knows how far it came: look at the app, and deploy again`);
}

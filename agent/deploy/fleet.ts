import path from 'node:path';
import type { Deployment, Owner } from '../../protocol/deployment.ts';
import type { Journal } from '../journal/journal.ts';
import { createMask } from '../mask/mask.ts';
import { maskedJournal } from '../mask/maskEvents.ts';
import { appPlaces } from '../releases/layout.ts';
import { discard } from './discard.ts';
import type { Lock } from './lock.ts';
import { type DeploymentRecord, publicPart } from './records.ts';
import { run } from './run.ts';
import type { AppSettings } from './settings.ts';
import { lockInTurn, type Turns } from './turns.ts';
import { type Box, type Work, whyEnded } from './work.ts';

/** A deployment that goes on. */
export interface Running {
  record: DeploymentRecord;
  journal: Journal;
  /** Ends it; the reason is an `AgentError`. */
  stop: AbortController;
  /** Whether the app is this deployment's. */
  isLocked: boolean;
  finished: Promise<void>;
  /** Aborted when nothing more comes of it in this life. */
  over: AbortController;
}

/** All deployments that the box knows of. */
export interface Fleet {
  box: Box;
  /** Oldest first. */
  records: Map<string, DeploymentRecord>;
  running: Map<string, Running>;
  /** Requests that are being accepted; those with a key by whom and key. */
  accepting: Map<string, Promise<Deployment>>;
  /** Those that wait for apps. */
  turns: Turns;
  /** No more deployments are taken, and what can be taken up again is left. */
  leaving: AbortController;
}

/** What a deployment is carried out by, once it has the lock. */
type Carry = (work: Work, lock: Lock) => Promise<void>;

export function newFleet(box: Box): Fleet {
  return {
    box,
    records: new Map(),
    running: new Map(),
    accepting: new Map(),
    turns: new Map(),
    leaving: new AbortController(),
  };
}

export function appLock({ box }: Fleet, app: string): string {
  return path.join(box.state, 'locks', `${app}.lock`);
}

/**
 * Lets a deployment run. It ends by itself, whatever happens.
 * @param lock that of the app; its turn is waited for when left out, also by the next life of the agent.
 */
export function launch(
  fleet: Fleet,
  record: DeploymentRecord,
  journal: Journal,
  lock: Lock | undefined,
  carry: Carry = run,
): void {
  const stop = new AbortController();
  const running: Running = {
    record,
    journal,
    stop,
    isLocked: lock !== undefined,
    finished: Promise.resolve(),
    over: new AbortController(),
  };
  fleet.records.set(record.id, record);
  fleet.running.set(record.id, running);
  running.finished = carryOut(fleet, running, lock, carry);
  fleet.box.changes.tell(record.app);
}

/** What is told of a deployment. */
export function told(fleet: Fleet, record: DeploymentRecord): Deployment {
  const lastEvent = fleet.running.get(record.id)?.journal.last ?? record.lastEvent;
  return { ...publicPart(record), lastEvent };
}

async function carryOut(fleet: Fleet, running: Running, free: Lock | undefined, carry: Carry): Promise<void> {
  const { record } = running;
  const work = newWork(fleet, running);
  let lock = free;
  try {
    lock ??= await waitForTurn(fleet, running);
    if (lock === undefined) return await leave(fleet, running);
    running.isLocked = true;
    work.free = () => freeApp(fleet, running, lock);
    fleet.box.changes.tell(record.app);
    // That the owner cannot be told holds nobody up.
    await lock.own(ownerFor(record)).catch(() => undefined);
    await carry(work, lock);
  } catch (error) {
    await discard(work, whyEnded(work, error));
  }
  await work.free();
  await leave(fleet, running);
  await fleet.box.reserve.make().catch(() => undefined);
  await forgetOld(fleet).catch((error: Error) =>
    fleet.box.options.log?.(`old deployments: ${error.message}`),
  );
}

/** The app's lock; nothing where the agent ends first: the next one waits on. */
async function waitForTurn(fleet: Fleet, { record, stop }: Running): Promise<Lock | undefined> {
  const leaving = fleet.leaving.signal;
  try {
    const lock = await lockInTurn(
      fleet.turns,
      appLock(fleet, record.app),
      AbortSignal.any([stop.signal, leaving]),
    );
    if (!leaving.aborted) return lock;
    await lock.release();
  } catch (error) {
    if (!leaving.aborted || stop.signal.aborted) throw error;
  }
  return undefined;
}

async function leave(fleet: Fleet, { journal, record, over }: Running): Promise<void> {
  await journal.close().catch(() => undefined);
  fleet.running.delete(record.id);
  over.abort();
  fleet.box.changes.tell(record.app);
}

function newWork(fleet: Fleet, { record, journal, stop }: Running): Work {
  const { box } = fleet;
  const mask = createMask();
  return {
    box,
    record,
    journal: maskedJournal(journal, mask),
    lines: journal,
    places: appPlaces(box.options.root, record.app),
    settings: settingsOf(fleet, record.app),
    mask,
    signal: stop.signal,
    leaving: fleet.leaving.signal,
    free: async () => {},
    told: new Map(),
    broken: undefined,
  };
}

async function freeApp({ box }: Fleet, running: Running, lock: Lock | undefined): Promise<void> {
  if (!running.isLocked) return;
  running.isLocked = false;
  box.changes.tell(running.record.app);
  await lock?.release().catch(() => undefined);
}

/** An app may be taken out of the configuration before what was done with it has ended. */
function settingsOf({ box }: Fleet, app: string): AppSettings {
  try {
    return box.options.settings(app);
  } catch {
    return { environment: '' };
  }
}

function ownerFor({ id, user, action, app, version }: DeploymentRecord): Owner {
  return { deployment: id, user, since: Date.now(), what: `${action} ${app} ${version}` };
}

/** Old deployments are forgotten, with their keys; their journals keep how they ended. */
async function forgetOld({ box, records, running }: Fleet): Promise<void> {
  const keep = box.options.keepDeployments ?? 1000;
  const ended = [...records.values()].filter(({ id, result }) => !running.has(id) && result !== null);
  for (const { id } of ended.slice(0, Math.max(0, ended.length - keep))) {
    records.delete(id);
    await box.records.remove(id);
  }
  await box.options.journals.gc({ keep });
}

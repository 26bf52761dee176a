import fs from 'node:fs/promises';
import { AgentError } from '../failure.ts';
import { compact } from './compact.ts';
import { isGone, journalFailure } from './failure.ts';
import { listFolders, makeJournalFolder, removeFolder, sweepFolders } from './folders.ts';
import type { Journal, Journals } from './journal.ts';
import { journalFolder, segmentNumbers } from './layout.ts';
import { type Limits, type OpenJournal, openJournal } from './openJournal.ts';
import { openLog } from './openLog.ts';
import { lastPossible, setJournalAside } from './setAside.ts';

export interface JournalOptions {
  /** When a segment is full and the next one begins, in bytes: 1 MiB. */
  segmentBytes?: number;
  /** How many bytes one journal may have before its oldest lines go: 64 MiB. */
  logBytes?: number;
  /** How long lines of logs wait for others to share a write with, in milliseconds: 4. */
  groupMs?: number;
}

/** A journal that is open, and how many have it open. */
interface Shared {
  journal: OpenJournal;
  users: number;
}

interface State {
  folder: string;
  limits: Limits;
  open: Map<string, Shared>;
  /** What is being done with a journal: opening and closing one go one after the other. */
  turns: Map<string, Promise<unknown>>;
}

/**
 * The journals of a box in `STATE/deployments/ID/`. Whoever opens one that is open in this process shares it; it closes with
 * the last of them. Another process is refused one that has not ended: `busy`.
 * @param state the folder that the agent keeps its state in.
 */
export function fileJournals(state: string, options: JournalOptions = {}): Journals {
  const { segmentBytes = 1024 * 1024, logBytes = 64 * 1024 * 1024, groupMs = 4 } = options;
  const own: State = {
    folder: state,
    limits: { segmentBytes, logBytes, groupMs },
    open: new Map(),
    turns: new Map(),
  };
  return {
    create: (deployment) => create(own, deployment),
    open: (deployment) => open(own, deployment),
    replace: (deployment, last) => replace(own, deployment, last),
    list: () =>
      telling('listing the journals', async () => (await listFolders(state)).map(({ name }) => name)),
    gc: ({ keep }) => telling('clearing old journals', () => gc(own, keep)),
  };
}

async function create(state: State, deployment: string): Promise<Journal> {
  const folder = journalFolder(state.folder, deployment);
  return inTurn(state, '', () =>
    telling(`making the journal ${folder}`, async () => {
      await makeJournalFolder(state.folder, deployment, folder);
      return open(state, deployment);
    }),
  );
}

async function replace(
  state: State,
  deployment: string,
  last: number,
): Promise<{ journal: Journal; aside: string }> {
  const folder = journalFolder(state.folder, deployment);
  const doing = `setting the journal ${folder} aside`;
  const to = await telling(doing, () => lastPossible(folder, last));
  const aside = await telling(doing, () => setJournalAside(state.folder, deployment, folder));
  const journal = await create(state, deployment);
  await journal.append({ type: 'gap', from: 1, to });
  return { journal, aside };
}

async function open(state: State, deployment: string): Promise<Journal> {
  const folder = journalFolder(state.folder, deployment);
  return inTurn(state, deployment, () =>
    telling(`opening the journal ${folder}`, async () => {
      const shared = state.open.get(deployment) ?? { journal: await openThere(state, folder), users: 0 };
      state.open.set(deployment, shared);
      shared.users++;
      return handleOf(state, deployment, shared);
    }),
  );
}

async function openThere({ limits }: State, folder: string): Promise<OpenJournal> {
  try {
    return await openJournal(folder, limits);
  } catch (error) {
    if (!isGone(error)) throw error;
    throw new AgentError('missing', `there is no journal ${folder}`, { cause: error });
  }
}

/** A journal for one of those who share it. */
function handleOf(state: State, deployment: string, shared: Shared): Journal {
  const { journal } = shared;
  let isOpen = true;
  return {
    get last() {
      return journal.last;
    },
    append: (event) =>
      isOpen ? journal.append(event) : Promise.reject(new AgentError('invalid', 'the journal was closed')),
    events: (after, options) => journal.events(after, options),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await inTurn(state, deployment, () => release(state, deployment, shared));
    },
  };
}

async function release(state: State, deployment: string, shared: Shared): Promise<void> {
  if (--shared.users > 0) return;
  state.open.delete(deployment);
  await shared.journal.close();
}

/** Does work when all that came before it, under the same name, is done. */
function inTurn<T>({ turns }: State, name: string, work: () => Promise<T>): Promise<T> {
  const done = (turns.get(name) ?? Promise.resolve()).then(work);
  const settled = done
    .catch(() => {})
    .then(() => {
      if (turns.get(name) === settled) turns.delete(name);
    });
  turns.set(name, settled);
  return done;
}

/** Of twice as many as are kept whole only the lines go. One that is damaged holds nobody up. */
async function gc(state: State, keep: number): Promise<void> {
  const journals = await listFolders(state.folder);
  const old = journals.slice(0, Math.max(0, journals.length - keep));
  const gone = journals.slice(0, Math.max(0, journals.length - 3 * keep));
  let failure: unknown;
  for (const one of old) {
    const work = gone.includes(one) ? removeJournal(state, one.name) : dropLines(state, one.name);
    await work.catch((error) => (failure ??= error));
  }
  await sweepFolders(state.folder);
  if (failure !== undefined) throw failure;
}

async function removeJournal(state: State, deployment: string): Promise<void> {
  await inTurn(state, deployment, async () => {
    if (!state.open.has(deployment)) await removeFolder(state.folder, deployment);
  });
}

async function dropLines(state: State, deployment: string): Promise<void> {
  await inTurn(state, deployment, async () => {
    const shared = state.open.get(deployment);
    if (shared !== undefined) return shared.journal.dropLines();
    await dropLinesOfClosed(state, deployment);
  });
}

async function dropLinesOfClosed(state: State, deployment: string): Promise<void> {
  const folder = journalFolder(state.folder, deployment);
  // One without segments was cleared before: most of the old ones.
  const names = await fs.readdir(folder);
  if (segmentNumbers(names).length === 0) return;
  const { log } = await openLog(folder);
  if (log.hasEnded) await compact(log, log.segments.length);
}

async function telling<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw journalFailure(doing, error);
  }
}

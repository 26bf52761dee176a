import { setTimeout as wait } from 'node:timers/promises';
import type { BoxEvent } from '../../protocol/boxEvents.ts';
import { mayPass, RemoteError } from '../failure.ts';
import type { ByTime } from './byTime.ts';
import type { Entry } from './entry.ts';
import { addDeployment, addFirst, type Choice, type Found, type Source } from './followBox.ts';

/**
 * Adds the deployments that begin on all boxes, and closes when no more can come.
 * @param found what `addFirst` has found of each.
 * @param nothing told when no box has the deployment that is named.
 */
export async function addMore(
  all: ByTime<Entry>,
  sources: readonly Source[],
  found: readonly (Found | undefined)[],
  choice: Choice,
  nothing: () => void,
): Promise<void> {
  try {
    if (!choice.isFollowed) return;
    if (choice.deployment !== undefined) {
      const away = sources.filter((source, at) => found[at] === undefined && !source.isLost());
      const isFound = found.some((one) => one !== undefined && one.shown.length > 0);
      if (!isFound && !(await addWhenBack(all, away, choice))) nothing();
      return;
    }
    await Promise.all(sources.map((source, at) => addNew(all, source, found[at], choice)));
  } finally {
    all.close();
  }
}

/** How often a box is asked whether a deployment has begun, or whether it is back, in milliseconds. */
const everyMs = 1000;

/**
 * Adds the deployment that is named once a box is back that has it.
 * @returns whether one had it, when no box is away any more.
 */
async function addWhenBack(all: ByTime<Entry>, away: readonly Source[], choice: Choice): Promise<boolean> {
  let left = away;
  while (left.length > 0 && !choice.signal.aborted) {
    await wait(everyMs, undefined, { signal: choice.signal }).catch(() => undefined);
    const found = await Promise.all(left.map((source) => addFirst(all, source, choice)));
    if (found.some((one) => one !== undefined && one.shown.length > 0)) return true;
    left = left.filter((source, at) => found[at] === undefined && !source.isLost());
  }
  return false;
}

/** Adds the deployments that begin on a box, until the signal comes or the box cannot be asked any more. */
export async function addNew(
  all: ByTime<Entry>,
  source: Source,
  first: Found | undefined,
  choice: Choice,
): Promise<void> {
  const isGoing = () => !choice.signal.aborted && !source.isLost();
  let known = first?.known;
  while (known === undefined && isGoing()) {
    await aMoment(choice.signal);
    if (isGoing()) known = (await addFirst(all, source, choice))?.known;
  }
  if (known !== undefined && isGoing()) await followNew(source, known, choice, { all, isGoing });
}

async function aMoment(signal: AbortSignal): Promise<void> {
  await wait(everyMs, undefined, { signal }).catch(() => undefined);
}

/** Where what is new goes, and for how long. */
interface Going {
  all: ByTime<Entry>;
  isGoing: () => boolean;
}

/** The box tells when something begins. It is asked again and again only while it does not: an older agent, or one with too many readers. */
async function followNew(
  source: Source,
  known: Set<string>,
  choice: Choice,
  { all, isGoing }: Going,
): Promise<void> {
  const add = () => addUnknown(all, source, known, choice);
  let canTell = true;
  while (isGoing()) {
    if (canTell) canTell = await addTold(source, known, choice, { add, isGoing });
    await aMoment(choice.signal);
    if (isGoing()) await add();
  }
}

/**
 * Adds what begins when the box tells of it, until it does not any more.
 * @returns whether it may tell again later.
 */
async function addTold(
  { agent }: Source,
  known: ReadonlySet<string>,
  { app, signal }: Choice,
  { add, isGoing }: { add: () => Promise<void>; isGoing: () => boolean },
): Promise<boolean> {
  const stop = new AbortController();
  // One that is away for longer is left: it is looked for here.
  const away = (reason: string) => stop.abort(new RemoteError(agent.box, 'unreachable', reason));
  const isNews = newsOf(known, app);
  try {
    for await (const event of agent.watch({ signal: AbortSignal.any([signal, stop.signal]), away })) {
      if (isNews(event)) await add();
      if (!isGoing()) return false;
    }
  } catch (error) {
    if (!(error instanceof RemoteError || signal.aborted)) throw error;
    return mayPass(error);
  }
  return true;
}

/** Tells the events behind which there may be deployments that are not known. */
function newsOf(known: ReadonlySet<string>, app: string | undefined): (event: BoxEvent) => boolean {
  const told = new Set<string>();
  let isCurrent = false;
  return (event) => {
    if (event.type === 'current') {
      // Also after each connection that was lost: several may have begun meanwhile.
      isCurrent = true;
      return true;
    }
    const { last } = event.status;
    if (last === null || told.has(last.id)) return false;
    told.add(last.id);
    return isCurrent && !known.has(last.id) && (app === undefined || event.status.app === app);
  };
}

async function addUnknown(
  all: ByTime<Entry>,
  source: Source,
  known: Set<string>,
  choice: Choice,
): Promise<void> {
  const { agent, presence, failed } = source;
  const { app, signal } = choice;
  try {
    const found = await agent.deployments({ ...(app === undefined ? {} : { app }), limit: 100 }, signal);
    presence.back('');
    for (const one of found.reverse().filter(({ id }) => !known.has(id))) {
      known.add(one.id);
      addDeployment(all, source, one, choice);
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof RemoteError)) throw error;
    if (mayPass(error)) presence.away('', error.message);
    else failed(error);
  }
}

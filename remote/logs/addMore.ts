import { setTimeout as wait } from 'node:timers/promises';
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
  const { signal } = choice;
  let known = first?.known;
  while (!signal.aborted && !source.isLost()) {
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (known === undefined) known = (await addFirst(all, source, choice))?.known;
    else await addUnknown(all, source, known, choice);
  }
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

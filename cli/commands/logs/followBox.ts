import { setTimeout as wait } from 'node:timers/promises';
import type { Deployment } from '../../../protocol/deployment.ts';
import { mayPass, RemoteError } from '../../../remote/failure.ts';
import type { RemoteAgent } from '../../../remote/remoteAgent.ts';
import type { ByTime, Lane } from './byTime.ts';
import type { Entry } from './entry.ts';
import type { Presence } from './presence.ts';

/** Which deployments are shown, and how. */
export interface Choice {
  app: string | undefined;
  deployment: string | undefined;
  /** In milliseconds since 1970. */
  since: number | undefined;
  isFollowed: boolean;
  signal: AbortSignal;
}

/** One box whose deployments are shown. */
export interface Source {
  agent: RemoteAgent;
  presence: Presence;
  /** Told when the box cannot be shown, or no longer. */
  failed(error: RemoteError): void;
  /** Whether that was told. */
  isLost(): boolean;
}

/** Deployments of a box. */
export interface Found {
  /** Those that are meant. */
  shown: Deployment[];
  /** The ids of all that there are. */
  known: Set<string>;
}

const mostListed = 1000;

/** The deployments of a box that are meant now. Throws as the agent does. */
async function chosenDeployments({ agent }: Source, choice: Choice): Promise<Found> {
  const { app, deployment, since, isFollowed, signal } = choice;
  if (deployment !== undefined) return { shown: await ofId(agent, deployment, signal), known: new Set() };
  const limit = since === undefined && !isFollowed ? 1 : mostListed;
  const all = await agent.deployments({ ...(app === undefined ? {} : { app }), limit }, signal);
  const isMeant = ({ result, updated }: Deployment, at: number) =>
    (since === undefined ? at === 0 : updated >= since) || (isFollowed && result === null);
  return { shown: all.filter(isMeant), known: new Set(all.map(({ id }) => id)) };
}

/**
 * Adds the deployments of a box that are meant now.
 * @returns the ids of those that it has; nothing where it could not be asked.
 */
export async function addFirst(
  all: ByTime<Entry>,
  source: Source,
  choice: Choice,
): Promise<Found | undefined> {
  const { presence, failed } = source;
  try {
    const found = await chosenDeployments(source, choice);
    presence.back('');
    for (const one of found.shown) addDeployment(all, source, one, choice);
    return found;
  } catch (error) {
    if (choice.signal.aborted) return undefined;
    if (!(error instanceof RemoteError)) throw error;
    if (choice.isFollowed && mayPass(error)) presence.away('', error.message);
    else failed(error);
    return undefined;
  }
}

/** A box that does not have it may stand beside one that does. */
async function ofId(agent: RemoteAgent, id: string, signal: AbortSignal): Promise<Deployment[]> {
  try {
    return [await agent.deployment(id, signal)];
  } catch (error) {
    if (error instanceof RemoteError && error.code === 'missing') return [];
    throw error;
  }
}

/** Adds what a deployment tells to all that is shown. */
function addDeployment(all: ByTime<Entry>, source: Source, deployment: Deployment, choice: Choice): void {
  all.add((lane, changed) => entriesOf(source, deployment, choice, lane, changed));
}

async function* entriesOf(
  { agent, presence, failed }: Source,
  deployment: Deployment,
  { since = 0, isFollowed, signal }: Choice,
  lane: Lane,
  changed: () => void,
): AsyncGenerator<Entry> {
  const { box } = agent;
  const { id, lastEvent } = deployment;
  const stopWaiting = () => {
    lane.isWaitedFor = false;
    changed();
  };
  const away = (reason: string) => {
    presence.away(id, reason);
    stopWaiting();
  };
  try {
    if (isFollowed && lastEvent === 0) stopWaiting();
    const options = { follow: isFollowed, signal, away, back: () => presence.back(id) };
    for await (const event of agent.events(id, 0, options)) {
      // What is not followed is waited for to its end.
      if (isFollowed && lane.isWaitedFor && event.seq >= lastEvent) stopWaiting();
      if (event.time >= since) yield { box, deployment, event, time: event.time };
    }
  } catch (error) {
    if (error instanceof RemoteError) failed(error);
    else if (!signal.aborted) throw error;
  } finally {
    presence.back(id);
  }
}

/** How often a box is asked whether a deployment has begun, or whether it is back, in milliseconds. */
const everyMs = 1000;

/**
 * Adds the deployment that is named once a box is back that has it.
 * @returns whether one had it, when no box is away any more.
 */
export async function addWhenBack(
  all: ByTime<Entry>,
  away: readonly Source[],
  choice: Choice,
): Promise<boolean> {
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

import type { Deployment } from '../../protocol/deployment.ts';
import { mayPass, RemoteError } from '../failure.ts';
import type { RemoteAgent } from '../remoteAgent.ts';
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
  /** Where something was shown before, and is taken up. */
  taken?: Taken;
}

/** What was shown of boxes before. */
export interface Taken {
  /** Those of all deployments of a box that are to be shown: out of all that are there, newest first. */
  chosen(box: string, all: readonly Deployment[]): Deployment[];
  /** The number of the last event that was shown of a deployment, 0 where none was. */
  after(box: string, deployment: string): number;
}

/** One box whose deployments are shown. */
export interface Source {
  agent: Pick<RemoteAgent, 'box' | 'deployment' | 'deployments' | 'events' | 'watch'>;
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
  const { app, deployment, since, isFollowed, signal, taken } = choice;
  if (deployment !== undefined) {
    const named = await ofId(agent, deployment, signal);
    return { shown: taken?.chosen(agent.box, named) ?? named, known: new Set() };
  }
  const limit = since === undefined && !isFollowed ? 1 : mostListed;
  const all = await agent.deployments({ ...(app === undefined ? {} : { app }), limit }, signal);
  const isMeant = ({ result, updated }: Deployment, at: number) =>
    (since === undefined ? at === 0 : updated >= since) || (isFollowed && result === null);
  const shown = taken?.chosen(agent.box, all) ?? all.filter(isMeant);
  return { shown, known: new Set(all.map(({ id }) => id)) };
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
async function ofId(agent: Source['agent'], id: string, signal: AbortSignal): Promise<Deployment[]> {
  try {
    return [await agent.deployment(id, signal)];
  } catch (error) {
    if (error instanceof RemoteError && error.code === 'missing') return [];
    throw error;
  }
}

/** Adds what a deployment tells to all that is shown. */
export function addDeployment(
  all: ByTime<Entry>,
  source: Source,
  deployment: Deployment,
  choice: Choice,
): void {
  all.add((lane, changed) => entriesOf(source, deployment, choice, lane, changed));
}

async function* entriesOf(
  { agent, presence, failed }: Source,
  deployment: Deployment,
  { since = 0, isFollowed, signal, taken }: Choice,
  lane: Lane,
  changed: () => void,
): AsyncGenerator<Entry> {
  const { box } = agent;
  const { id, lastEvent } = deployment;
  const after = taken?.after(box, id) ?? 0;
  const stopWaiting = () => {
    lane.isWaitedFor = false;
    changed();
  };
  const away = (reason: string) => {
    presence.away(id, reason);
    stopWaiting();
  };
  try {
    if (isFollowed && lastEvent <= after) stopWaiting();
    const options = { follow: isFollowed, signal, away, back: () => presence.back(id) };
    for await (const event of agent.events(id, after, options)) {
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

import * as vscode from 'vscode';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { boxesOfRollout } from './again.ts';
import type { Deployments } from './deployments.ts';

/** So many events of a box are asked for at most. */
const mostEvents = 20_000;
/** So long a box is waited for, in milliseconds. */
const patienceMs = 20_000;

/**
 * Asks a box for what it told of its deployment while nobody listened here.
 * @returns why it cannot be had, in words.
 */
export async function loadHistory(
  fleet: Fleet,
  deployments: Deployments,
  id: string,
  box: string,
): Promise<string | undefined> {
  const watched = deployments.watched(id);
  const one = watched?.rollout.boxes.find((some) => some.box === box);
  const story = watched?.stories.get(box);
  if (watched === undefined || one === undefined || one.deployment === null) return undefined;
  const isFollowed = deployments.isFollowed(id) && one.outcome === null;
  // What nobody follows here goes on all the same: its story is whole only once it told its end.
  if (story?.first === 1 && (story.isOver || (isFollowed && story.last > 0))) return undefined;
  if (story === undefined && isFollowed && one.lastEvent === 0) return undefined;
  const found = (await boxesOfRollout(fleet, watched.rollout)).find(({ name }) => name === box);
  if (found === undefined) return vscode.l10n.t('{0} is no box of this workspace.', box);
  try {
    const agent = await fleet.agent(found);
    const signal = AbortSignal.timeout(patienceMs);
    const events: DeploymentEvent[] = [];
    for await (const event of agent.events(one.deployment, 0, { follow: false, signal })) {
      events.push(event);
      if (events.length >= mostEvents) break;
    }
    deployments.addHistory(id, box, events);
    return undefined;
  } catch (error) {
    return vscode.l10n.t('{0} cannot be asked for its log: {1}', box, (error as Error).message);
  }
}

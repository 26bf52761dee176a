import type { DeploymentState } from '../../protocol/deployment.ts';
import { linkedRelease, releases } from '../releases/releases.ts';
import type { Work } from './work.ts';

const beforeCommit: readonly DeploymentState[] = [
  ...(['accepted', 'locked', 'fetched', 'verified', 'extracted', 'prepared'] as const),
];

/**
 * How far a deployment came: what its journal says, unless the box itself shows that it was committed. A disk that lies, or that was
 * restored from a copy, may have lost the journal's end, and nothing that was committed is undone as if it had not been.
 */
export async function stateOnBox({ record, places }: Work, told: DeploymentState): Promise<DeploymentState> {
  const { swing, id } = record;
  if (swing === null || !beforeCommit.includes(told)) return told;
  if (!swing.isNew) {
    const live = await linkedRelease(places, 'live');
    return live?.name === swing.to && swing.live !== swing.to ? 'committed' : told;
  }
  const all = await releases(places);
  const isThere = all.some(({ name, deployment }) => name === swing.to && deployment === id);
  return isThere ? 'committed' : told;
}

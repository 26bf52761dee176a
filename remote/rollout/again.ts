import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { isGood, type Rollout, type RolloutBox } from './record.ts';

/** What is asked of a box by another rollout. */
export interface Again {
  box: string;
  request: DeploymentRequest;
}

/** What did not end well, to be asked for once more: planned anew, since the boxes may have changed. */
export function retried({ boxes }: Rollout): Again[] {
  return boxes
    .filter((one) => !isGood(one))
    .map(({ box, version, request: { plan: _, ...request } }) => ({
      box,
      request: version === null ? request : { ...request, version },
    }));
}

/** Boxes that have what was asked for, each back to the version it had before; `noWayBack` had none. */
export function reverted({ boxes }: Rollout): { boxes: Again[]; noWayBack: string[] } {
  const done = boxes.filter((one) => one.outcome === 'done');
  return {
    boxes: done.flatMap((one) => backTo(one)),
    noWayBack: done.filter((one) => one.previous === null).map((one) => one.box),
  };
}

/** By its name and its own channel, so that doing it twice goes no further back. */
function backTo({ box, previous, previousChannel, request }: RolloutBox): Again[] {
  if (previous === null) return [];
  const { app } = request;
  const channel = previousChannel ?? request.channel;
  const series = channel === undefined ? { app } : { app, channel };
  return [{ box, request: { ...series, version: previous, rollback: true } }];
}

/** Whether nothing is left to be done or to be waited for. */
export function isOver({ boxes }: Rollout): boolean {
  return boxes.every((one) => one.outcome !== null);
}

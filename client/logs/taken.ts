import type { Deployment } from '../../protocol/deployment.ts';
import type { Taken } from '../../remote/logs/followBox.ts';
import { onlyOne, type TailQuestion } from './question.ts';
import type { Spool } from './spool/spool.ts';

/**
 * Which deployments a tail shows, and from where on. At first those that are asked for; once a box was met, all that were not passed over
 * then and are not shown to their end: also those that began while the editor was closed.
 */
export function takenFrom(spool: Spool, which: TailQuestion['which']): Taken {
  return {
    after: (box, deployment) => spool.lastSeq(box, deployment),
    chosen(box, all) {
      if (onlyOne(which) !== undefined) return all.filter(({ id }) => !spool.isOver(box, id));
      const passed = spool.passedOver(box);
      if (passed !== undefined) return all.filter(({ id }) => !passed.has(id) && !spool.isOver(box, id));
      const isMeant = (one: Deployment, at: number) => one.result === null || isAsked(which, box, one, at);
      const rest = all.filter((one, at) => !isMeant(one, at));
      // Were it not kept, a window that is opened anew would choose as the first one did.
      spool
        .passOver(
          box,
          rest.map(({ id }) => id),
        )
        .catch(() => undefined);
      return all.filter(isMeant);
    },
  };
}

/** Whether a deployment that is over is shown; `at` is 0 for the last one. */
function isAsked(
  which: TailQuestion['which'],
  box: string,
  { id, created }: Deployment,
  at: number,
): boolean {
  if (typeof which === 'string') return which === 'last' && at === 0;
  if ('deployment' in which) return which.deployment === id;
  const first = which.from[box];
  return first === undefined ? created >= which.since : first === id;
}

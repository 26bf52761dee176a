import { isBad, isGood, type Rollout, type RolloutBox } from './record.ts';

/**
 * How many boxes `2` or `25%` are, of so many: rounded up, and at least one. Nothing for a text that is neither.
 */
export function batchSize(text: string, count: number): number | undefined {
  const [, digits = '', percent] = /^(\d{1,6}(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const number = Number(digits);
  const isRight = number > 0 && (percent === '%' ? number <= 100 : Number.isInteger(number));
  if (digits === '' || !isRight) return undefined;
  return percent === '%' ? Math.max(1, Math.ceil((count * number) / 100)) : number;
}

/** The boxes in the order and the groups in which they are begun: canaries by themselves, then the others. */
export function batchesOf({ boxes, batch }: Pick<Rollout, 'boxes' | 'batch'>): RolloutBox[][] {
  const groups = [boxes.filter((one) => one.isCanary), boxes.filter((one) => !one.isCanary)];
  return groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / batch) }, (_, at) =>
      group.slice(at * batch, (at + 1) * batch),
    ),
  );
}

/** Why no other box may be begun; nothing while one may. */
export function whyStop({ boxes, maxFailures }: Rollout): 'failures' | 'canary' | undefined {
  const isOver = (one: RolloutBox) => one.isCanary && one.outcome !== null && !isGood(one);
  if (boxes.some(isOver)) return 'canary';
  return boxes.filter(isBad).length > maxFailures ? 'failures' : undefined;
}

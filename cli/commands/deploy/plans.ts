import { hindranceOf, type Looked } from '../../../remote/rollout/look.ts';
import type { Rollout } from '../../../remote/rollout/record.ts';
import { RefusedError } from '../../failure.ts';
import { foreignText } from '../../output/foreignText.ts';
import { plansText } from '../../output/planText.ts';
import { colorsFor } from '../../output/problems.ts';

/** Prints what would be done on each box, and which have no plan. */
export function showPlans(action: Rollout['action'], looked: readonly Looked[], isJson: boolean): void {
  if (isJson) {
    const boxes = looked.map(({ box, plan, error, balancers = [], leftOutOf = [], staysOutOf = [] }) => ({
      ...{ box, plan: plan ?? null, balancers, leftOutOf, staysOutOf },
      failure: error === undefined ? null : { code: error.code, message: error.message },
    }));
    process.stdout.write(`${JSON.stringify({ type: 'plan', version: 1, action, boxes })}\n`);
    return;
  }
  const plans = looked.flatMap(({ plan, ...one }) => (plan === undefined ? [] : [{ ...one, plan }]));
  process.stdout.write(plansText(plans, action, colorsFor(process.stdout)));
  for (const { box, plan } of looked) {
    if (plan !== undefined && plan.place === undefined)
      process.stderr.write(
        `${box}: its agent is too old to tell which environment it is in: nobody checks that\n`,
      );
  }
  const colors = colorsFor(process.stderr);
  for (const { box, error } of looked) {
    if (error !== undefined) process.stderr.write(`${box}: ${colors.red(foreignText(error.message))}\n`);
  }
}

/** Refuses where something stands in the way. */
export function refuseObstacles(looked: readonly Looked[], maxFailures: number): void {
  const hindrance = hindranceOf(looked, maxFailures);
  if (hindrance === undefined) return;
  const names = hindrance.boxes.join(', ');
  if (hindrance.why === 'blocked') {
    throw new RefusedError(`nothing was begun: something stands in the way on ${names}`);
  }
  const hint = hindrance.isAll ? '' : ' (--max-failures lets the others go on)';
  throw new RefusedError(`nothing was begun: out of reach: ${names}${hint}`);
}

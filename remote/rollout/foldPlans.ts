import type { Plan } from '../../protocol/deploymentPlan.ts';

/** The balancers before a box, by their names. */
export interface Balanced {
  balancers: readonly string[];
  /** Those that an earlier rollout left it out of, though it may serve: it is put back. */
  leftOutOf: readonly string[];
  /** Those that it was left out of since nobody knew whether it serves: a person has to look at it. */
  staysOutOf: readonly string[];
}

/** A plan of a box. */
export interface BoxPlan extends Partial<Balanced> {
  box: string;
  plan: Plan;
}

/** What is told of boxes at once. */
export interface FoldedPlan extends Balanced {
  boxes: string[];
  plan: Plan;
}

/**
 * Plans that say the same, with all their boxes. Secrets are hashed by each box in its own way, so
 * their hashes do not count; nor does the name of the machine.
 */
export function foldedPlans(plans: readonly BoxPlan[]): FoldedPlan[] {
  const found = new Map<string, FoldedPlan>();
  for (const { box, plan, balancers = [], leftOutOf = [], staysOutOf = [] } of plans) {
    const { digest: _, place: __, ...said } = plan;
    const key = JSON.stringify([said, balancers, leftOutOf, staysOutOf]).replace(
      /sha256:[0-9a-f]+/g,
      'sha256',
    );
    const known = found.get(key) ?? { boxes: [], plan, balancers, leftOutOf, staysOutOf };
    known.boxes.push(box);
    found.set(key, known);
  }
  return [...found.values()];
}

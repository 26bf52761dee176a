import type { Plan } from '../../protocol/deploymentPlan.ts';

/** A plan of a box. */
export interface BoxPlan {
  box: string;
  plan: Plan;
}

/**
 * Plans that say the same, with all their boxes. Secrets are hashed by each box in its own way, so
 * their hashes do not count; nor does the name of the machine.
 */
export function foldedPlans(plans: readonly BoxPlan[]): { boxes: string[]; plan: Plan }[] {
  const found = new Map<string, { boxes: string[]; plan: Plan }>();
  for (const { box, plan } of plans) {
    const { digest: _, place: __, ...said } = plan;
    const key = JSON.stringify(said).replace(/sha256:[0-9a-f]+/g, 'sha256');
    const known = found.get(key) ?? { boxes: [], plan };
    known.boxes.push(box);
    found.set(key, known);
  }
  return [...found.values()];
}

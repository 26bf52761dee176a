import type { Parts } from '../parts.ts';

/** **Strata: Refresh Fleet**: asks all boxes anew. */
export async function refreshFleet({ fleet }: Parts): Promise<void> {
  await fleet.load();
  fleet.retry();
}

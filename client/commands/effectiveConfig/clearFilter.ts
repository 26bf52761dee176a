import type { Parts } from '../parts.ts';

/** **Strata: Clear Filter**: the tree shows all settings again. */
export function clearFilter({ effectiveConfig }: Parts): void {
  effectiveConfig.setFilter({});
}

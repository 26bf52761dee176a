import type { Parts } from '../parts.ts';

/** **Strata: Show Log** */
export function showLog({ log }: Parts): void {
  log.show();
}

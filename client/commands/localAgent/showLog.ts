import type { Parts } from '../parts.ts';

/** **Strata: Show Local Agent Log** */
export function showLocalAgentLog({ localAgent }: Parts): void {
  localAgent.showLog();
}

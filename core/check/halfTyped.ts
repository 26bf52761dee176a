import type { CheckState } from './state.ts';

/**
 * Whether a file does not parse that was sound before: somebody is typing in it. What would follow elsewhere from what
 * it says now is told when it is sound again.
 */
export function isHalfTyped({ broken, partial }: CheckState, file: string): boolean {
  return broken.has(file) && !partial.has(file);
}

import { type ContextName, isContextName } from './contexts.ts';

/** What the language server and its client say to each other about differences. */
export const compareMethods = {
  /** Request with `CompareParams`, answered by a `CompareResult`; a side that cannot be had is an error in words. */
  compare: 'strata/compare',
} as const;

/** One of two effective configurations. */
export interface CompareSide {
  context: ContextName;
  /** As the last commit has the layers; left out for the layers as they are, open documents included. */
  ref?: 'HEAD';
}

export interface CompareParams {
  left: CompareSide;
  right: CompareSide;
}

/** The settings that differ, in the order of the configuration: mappings key by key, lists as a whole. */
export interface CompareResult {
  changes: ComparedSetting[];
}

export interface ComparedSetting {
  /** The keys that lead to it. */
  setting: string[];
  kind: 'added' | 'removed' | 'changed';
  /** What the left side has; absent for what was added. */
  left?: SideValue;
  /** What the right side has; absent for what was removed. */
  right?: SideValue;
}

export interface SideValue {
  /** The value as JSON on one line; a placeholder that nobody gave as `!missing why`. */
  value: string;
  /** The layer that gives it, seen from the workspace's folder; `null` for what Strata itself gives. */
  file: string | null;
  /** The same as an address. Its line is that of the side: for `HEAD`, of the file as it was committed. */
  uri: string | null;
  /** Of the key, counted from 0, in UTF-16 code units. */
  line: number;
  character: number;
}

/** Whether a value that came over the wire names two sides. */
export function isCompareParams(value: unknown): value is CompareParams {
  if (typeof value !== 'object' || value === null) return false;
  const { left, right } = value as Record<string, unknown>;
  return isCompareSide(left) && isCompareSide(right);
}

/** Whether a value that came over the wire names one side. */
export function isCompareSide(value: unknown): value is CompareSide {
  if (typeof value !== 'object' || value === null) return false;
  const { context, ref } = value as Record<string, unknown>;
  return isContextName(context) && (ref === undefined || ref === 'HEAD');
}

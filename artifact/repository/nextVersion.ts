import { highestVersion } from '../versionOrder.ts';

const numbered = /^\d+(\.\d+)*$/;

/**
 * The version that comes behind all of these: 1 -> 2, 7.2 -> 8, v3 -> v4. A local build's stands between two of them:
 * 7 -> 7.1 -> 7.2. Without a version before it: 1, and locally 0.1. Where some are numbers, the others do not count.
 */
export function nextVersion(versions: readonly string[], isLocal = false): string {
  const numbers = versions.filter((one) => numbered.test(one));
  const highest = highestVersion(numbers.length > 0 ? numbers : versions);
  if (highest === undefined) return isLocal ? '0.1' : '1';
  if (!numbered.test(highest)) return nextNamed(highest, isLocal);
  const [whole = '0', ...below] = highest.split('.');
  if (!isLocal) return plusOne(whole);
  const last = below.pop() ?? '0';
  return [whole, ...below, plusOne(last)].join('.');
}

function nextNamed(highest: string, isLocal: boolean): string {
  const [, stem = '', digits] = /^(.*?)(\d+)$/.exec(highest) ?? [];
  if (digits === undefined || (isLocal && !stem.endsWith('.'))) return `${highest}.1`;
  return stem + plusOne(digits);
}

/** Build numbers may be dates with a time, beyond what a double holds. */
function plusOne(digits: string): string {
  return String(BigInt(digits) + 1n);
}

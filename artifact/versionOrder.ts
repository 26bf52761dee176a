/**
 * Orders versions as yodeploy does: digits inside of a text are one number, so c1 > b10 > b2 > b > a. Versions that count
 * as equal there (`1` and `01`) are told apart by their texts, so that the order is the same everywhere.
 */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const order = comparePart(left[at] ?? '', right[at] ?? '', at % 2 === 1);
    if (order !== 0) return order;
  }
  return left.length - right.length || compareTexts(a, b);
}

/** The highest of some versions. */
export function highestVersion(versions: Iterable<string>): string | undefined {
  let highest: string | undefined;
  for (const one of versions) {
    if (highest === undefined || compareVersions(one, highest) > 0) highest = one;
  }
  return highest;
}

/** Texts and numbers in turn; a text, perhaps an empty one, comes first. */
function partsOf(version: string): string[] {
  return version.split(/([0-9]+)/);
}

function comparePart(a: string, b: string, isNumber: boolean): number {
  if (!isNumber) return compareTexts(a, b);
  const [left, right] = [a, b].map((digits) => digits.replace(/^0+/, '')) as [string, string];
  return left.length - right.length || compareTexts(left, right);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

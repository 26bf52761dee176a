/** How much of the heap is in use, in bytes, without what can be thrown away where Node runs with `--expose-gc`. */
export function heapNow(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const mostGrowth = 1.2;
const alwaysAllowed = 5 * 2 ** 20;

/** The medians of the first and last quarter of some samples, and whether the last one is much larger. */
export function growthOf(samples: readonly number[]): { first: number; last: number; isGrowing: boolean } {
  const quarter = Math.ceil(samples.length / 4);
  const first = median(samples.slice(0, quarter));
  const last = median(samples.slice(-quarter));
  return { first, last, isGrowing: last > first * mostGrowth + alwaysAllowed };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

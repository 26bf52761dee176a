import { progressOn } from '../output/progress.ts';

/** So many boxes are asked at a time. */
const together = 64;

/**
 * Asks boxes something, many at a time, and tells on a terminal how far it has come.
 * @returns what was found, in the order of the boxes; what is missing was not asked any more when the signal came.
 */
export async function askBoxes<B, T>(
  boxes: readonly B[],
  signal: AbortSignal,
  askOne: (box: B) => Promise<T>,
): Promise<T[]> {
  const progress = progressOn(process.stderr);
  const found: T[] = [];
  const waiting = [...boxes.entries()];
  let done = 0;
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const [index, box] = next;
      found[index] = await askOne(box);
      progress.tell(`${++done} of ${boxes.length} boxes`);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(together, boxes.length) }, worker));
  } finally {
    progress.done();
  }
  return found;
}

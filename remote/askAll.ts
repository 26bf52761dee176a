/** So many boxes are asked at a time. */
const together = 64;

/**
 * Asks boxes something, many at a time.
 * @param tell how many have answered.
 * @returns what was found, in the order of the boxes; what is missing was not asked any more when the signal came.
 */
export async function askAll<B, T>(
  boxes: readonly B[],
  signal: AbortSignal,
  askOne: (box: B) => Promise<T>,
  tell: (done: number) => void = () => undefined,
): Promise<T[]> {
  const found: T[] = [];
  const waiting = [...boxes.entries()];
  let done = 0;
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const [index, box] = next;
      found[index] = await askOne(box);
      tell(++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, boxes.length) }, worker));
  return found;
}

import { askAll } from '../../remote/askAll.ts';
import { progressOn } from '../output/progress.ts';

/** As `askAll` of `remote/`; tells on a terminal how far it has come. */
export async function askBoxes<B, T>(
  boxes: readonly B[],
  signal: AbortSignal,
  askOne: (box: B) => Promise<T>,
): Promise<T[]> {
  const progress = progressOn(process.stderr);
  try {
    return await askAll(boxes, signal, askOne, (done) => progress.tell(`${done} of ${boxes.length} boxes`));
  } finally {
    progress.done();
  }
}

import { bytesText } from '../../artifact/bytes.ts';
import type { BytesTold } from '../../artifact/repository/repository.ts';
import { progressOn } from './progress.ts';

/** Does work that tells how many bytes are done, and shows that on standard error. */
export async function withBytes<T>(what: string, work: (onBytes: BytesTold) => Promise<T>): Promise<T> {
  const progress = progressOn(process.stderr);
  try {
    return await work((done, total) => {
      const share = total === 0 ? 100 : Math.floor((100 * done) / total);
      progress.tell(`${what}: ${bytesText(done)} of ${bytesText(total)} (${share} %)`);
    });
  } finally {
    progress.done();
  }
}

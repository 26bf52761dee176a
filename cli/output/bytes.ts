import type { BytesTold } from '../../artifact/repository/repository.ts';
import { progressOn } from './progress.ts';

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A number of bytes for people: `999 B`, `1.5 KB`, `20 MB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

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

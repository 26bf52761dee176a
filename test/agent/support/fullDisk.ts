import fs from 'node:fs';
import path from 'node:path';

/** What a disk runs out of. */
export type Scarce = 'bytes' | 'inodes';

/** Fills a disk until nothing more fits. @returns what makes room again. */
export function fillDisk(folder: string, scarce: Scarce): () => void {
  const ballast = path.join(folder, '.ballast');
  fs.mkdirSync(ballast);
  if (scarce === 'bytes') fillBytes(path.join(ballast, 'bytes'));
  else untilFull((at) => fs.writeFileSync(path.join(ballast, `${at}`), ''));
  return () => fs.rmSync(ballast, { recursive: true });
}

function fillBytes(file: string): void {
  const handle = fs.openSync(file, 'w');
  try {
    for (const size of [1024 * 1024, 4096, 1]) untilFull(() => fs.writeSync(handle, Buffer.alloc(size)));
  } finally {
    fs.closeSync(handle);
  }
}

function untilFull(write: (at: number) => void): void {
  try {
    for (let at = 0; ; at++) write(at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

import fs from 'node:fs';

/** Where the output of a step is kept. */
export interface StepLog {
  readonly file: string;
  write(bytes: Uint8Array): void;
  /** Writes what is left. @returns how many bytes in the middle were left out. */
  close(): number;
}

/** For what is said outside of the steps. */
export const noLog: StepLog = { file: '', write() {}, close: () => 0 };

/** How much of a long output is kept: from its start, and of its end. */
const headBytes = 8 * 1024 * 1024;
const tailBytes = 1024 * 1024;

/**
 * A log in a file that nobody else can read, since scripts may print secrets. Of an output that is too long it keeps the
 * start and the end, and says in between how much is missing. A disk that is full costs the log, not the build.
 */
export function stepLog(file: string): StepLog {
  const handle = fs.openSync(file, 'w', 0o600);
  const tail: Uint8Array[] = [];
  let written = 0;
  let inTail = 0;
  let left = 0;
  let isOpen = true;
  const put = (bytes: Uint8Array) => {
    try {
      if (isOpen) fs.writeSync(handle, bytes);
    } catch {
      isOpen = false;
    }
  };
  const intoTail = (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    tail.push(bytes);
    inTail += bytes.length;
    for (let first = tail[0]; first && inTail - first.length >= tailBytes; first = tail[0]) {
      left += first.length;
      inTail -= first.length;
      tail.shift();
    }
  };
  return {
    file,
    write(bytes) {
      const room = Math.max(0, headBytes - written);
      written += bytes.length;
      if (room > 0) put(bytes.subarray(0, room));
      // A copy: what is kept must not hold on to a larger buffer.
      if (bytes.length > room) intoTail(Uint8Array.from(bytes.subarray(room)));
    },
    close() {
      if (left > 0) put(Buffer.from(`\n[strata: ${left} bytes are left out here]\n`));
      for (const bytes of tail) put(bytes);
      fs.closeSync(handle);
      isOpen = false;
      return left;
    },
  };
}

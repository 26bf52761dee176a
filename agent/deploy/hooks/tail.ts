import fs from 'node:fs';
import { type LineCutter, lineCutter } from './lines.ts';

/** What is done with what a process writes to its file. */
export interface TailOptions {
  file: string;
  /** When the process has ended, what is there then is all. */
  ended: Promise<unknown>;
  /** Reads on when it is done. */
  onLines(lines: string[]): Promise<void>;
  /** Told how many bytes there were so far. */
  onBytes(bytes: number): void;
}

/** Where nothing tells that a file grows, it is looked at so often, in milliseconds. */
const lookEveryMs = 100;
const chunkBytes = 64 * 1024;

/** Reads a file's lines from its beginning, and what comes, until the process that writes it has ended. */
export async function tail({ file, ended, onLines, onBytes }: TailOptions): Promise<void> {
  const handle = await fs.promises.open(file, 'r');
  const bell = growthBell(file);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
    bell.ring();
  });
  const cutter: LineCutter = lineCutter();
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const give = async (lines: string[]) => (lines.length > 0 ? await onLines(lines) : undefined);
  try {
    for (let at = 0; ; ) {
      const wasOver = isOver;
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at);
      if (bytesRead === 0 && wasOver) break;
      if (bytesRead === 0) await bell.heard();
      at += bytesRead;
      onBytes(at);
      await give(cutter.feed(buffer.subarray(0, bytesRead)));
    }
    await give(cutter.end());
  } finally {
    bell.close();
    await handle.close();
  }
}

/** Rings when a file grows. */
function growthBell(file: string): { ring(): void; heard(): Promise<void>; close(): void } {
  let isRung = false;
  let wake: (() => void) | undefined;
  const ring = () => {
    isRung = true;
    wake?.();
  };
  const timer = setInterval(ring, lookEveryMs);
  const watcher = watch(file, ring);
  return {
    ring,
    async heard() {
      if (!isRung) await new Promise<void>((resolve) => (wake = resolve));
      isRung = false;
      wake = undefined;
    },
    close() {
      clearInterval(timer);
      watcher?.close();
    },
  };
}

/** The system watches only so many files; the timer does without. */
function watch(file: string, ring: () => void): fs.FSWatcher | undefined {
  try {
    return fs.watch(file, ring).on('error', () => undefined);
  } catch {
    return undefined;
  }
}

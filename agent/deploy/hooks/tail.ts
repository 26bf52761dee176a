import fs from 'node:fs';
import type { Mask } from '../../mask/mask.ts';
import { outputLines } from '../../mask/outputLines.ts';
import { ifThere } from '../../releases/lasting.ts';

/** What is done with what a process writes to its file. */
export interface TailOptions {
  file: string;
  /** What hides secrets in the lines, and learns those that the process names. */
  mask: Mask;
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
export async function tail({ file, mask, ended, onLines, onBytes }: TailOptions): Promise<void> {
  const handle = await ifThere(fs.promises.open(file, 'r'));
  // What lay in memory is gone when the box was started anew.
  if (handle === undefined) return void (await ended);
  const bell = growthBell(file);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
    bell.ring();
  });
  const lines = outputLines(mask, { mayAddSecrets: true });
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const give = async (some: string[]) => (some.length > 0 ? await onLines(some) : undefined);
  try {
    for (let at = 0; ; ) {
      const wasOver = isOver;
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at);
      if (bytesRead === 0 && wasOver) break;
      if (bytesRead === 0) await bell.heard();
      at += bytesRead;
      onBytes(at);
      await give(lines.push(buffer.subarray(0, bytesRead)));
    }
    await give(lines.end());
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

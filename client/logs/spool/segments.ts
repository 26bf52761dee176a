import fs from 'node:fs';
import path from 'node:path';
import { type Line, linesOf, textOf } from './lines.ts';

/** Lines in files that follow each other, of which the oldest go. */
export interface Segments {
  lines(): AsyncGenerator<Line>;
  write(lines: readonly Line[]): Promise<void>;
}

/**
 * The files of a folder.
 * @param most a file takes so many events, and two of them are kept.
 * @param head what a file begins with, so that the ones before it can go.
 */
export async function openSegments(folder: string, most: number, head: () => Line[]): Promise<Segments> {
  await fs.promises.mkdir(folder, { recursive: true });
  let all = await segmentsOf(folder);
  let count = 0;
  for (const one of all) await cutTorn(segmentFile(folder, one));
  for (const one of all.slice(-1)) {
    for await (const [type] of linesOf(segmentFile(folder, one))) if (type === 'event') count++;
  }
  const append = (segment: number, lines: readonly Line[]) =>
    fs.promises.appendFile(segmentFile(folder, segment), textOf(lines), { mode: 0o600 });
  return {
    async *lines() {
      for (const one of [...all]) yield* linesOf(segmentFile(folder, one));
    },
    async write(lines) {
      const last = all.at(-1);
      const isFull = last === undefined || count >= most;
      if (isFull) {
        const next = (last ?? 0) + 1;
        await append(next, [...head(), ...lines]);
        for (const one of all.slice(0, -1)) await fs.promises.rm(segmentFile(folder, one), { force: true });
        all = [...all.slice(-1), next];
        count = 0;
      } else await append(last, lines);
      count += lines.filter(([type]) => type === 'event').length;
    },
  };
}

function segmentFile(folder: string, segment: number): string {
  return path.join(folder, `${segment}.ndjson`);
}

async function segmentsOf(folder: string): Promise<number[]> {
  const names = await fs.promises.readdir(folder);
  const numbers = names.flatMap((name) => /^(\d+)\.ndjson$/.exec(name)?.[1] ?? []).map(Number);
  return numbers.sort((a, b) => a - b);
}

/** What was being written when the window went away has no end, and is asked for again. */
async function cutTorn(file: string): Promise<void> {
  const bytes = await fs.promises.readFile(file);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) await fs.promises.truncate(file, end);
}

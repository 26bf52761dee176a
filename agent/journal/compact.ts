import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import { isGone } from './failure.ts';
import { keptName } from './layout.ts';
import type { Log } from './log.ts';
import { readEvents } from './readEvents.ts';
import { forget } from './recent.ts';
import { recordLine } from './record.ts';

/**
 * Takes away the lines of logs and what the health checks said from the oldest segments; states and ends stay, and gaps
 * stand for the rest. A crash at any moment leaves the one or the other.
 * @param count of the segments.
 */
export async function compact(log: Log, count: number): Promise<void> {
  const gone = log.segments.slice(0, count);
  const last = gone.at(-1)?.last;
  if (last === undefined) return;
  const file = path.join(log.folder, keptName);
  await writeKept(file, await keptLines({ ...log, segments: gone, last }));
  await syncFolder(log.folder);
  log.kept = { file, last };
  forget(log.recent, last);
  log.segments.splice(0, count);
  for (const segment of gone) await removeFile(segment.file);
}

async function keptLines(log: Log): Promise<string[]> {
  const lines: string[] = [];
  let gap: (DeploymentEvent & { type: 'gap' }) | undefined;
  for await (const event of readEvents(log, 0)) {
    const { seq, time, type } = event;
    if (type === 'state' || type === 'end') {
      if (gap !== undefined) lines.push(recordLine(gap));
      gap = undefined;
      lines.push(recordLine(event));
    } else {
      const from = gap?.from ?? (type === 'gap' ? event.from : seq);
      gap = { seq, time, type: 'gap', from, to: seq };
    }
  }
  return gap === undefined ? lines : [...lines, recordLine(gap)];
}

async function writeKept(file: string, lines: string[]): Promise<void> {
  const aside = `${file}.new`;
  try {
    await fs.writeFile(aside, lines.join(''), { flush: true, mode: 0o600 });
    await fs.rename(aside, file);
  } catch (error) {
    await fs.rm(aside, { force: true }).catch(() => {});
    throw error;
  }
}

/** Takes the file of a segment away, if it is there. */
export async function removeFile(file: string): Promise<void> {
  try {
    await fs.unlink(file);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

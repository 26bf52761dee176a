import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';
import type { EventBody } from '../../protocol/deploymentEvents.ts';
import { AgentError } from '../failure.ts';
import { compact, removeFile } from './compact.ts';
import { takeFile } from './guard.ts';
import type { Journal } from './journal.ts';
import { markName, segmentFile } from './layout.ts';
import { type Log, newSegment } from './log.ts';
import { beginWriting, endWriting } from './mark.ts';
import { openLog } from './openLog.ts';
import { readEvents } from './readEvents.ts';
import { mostLost, openWriter, type WriterOptions } from './writer.ts';

export interface Limits extends Omit<WriterOptions, 'onRotation'> {
  /** How many bytes one journal may have before its oldest lines go. */
  logBytes: number;
}

/** A journal that all in this process share who have it open. */
export interface OpenJournal extends Journal {
  /** Takes away all lines of a journal that has ended. */
  dropLines(): Promise<void>;
}

/**
 * Opens the journal in a folder: to be read only where it has ended, and else for this process alone. What the file system
 * says comes as it is; `busy` where another process has it.
 */
export async function openJournal(folder: string, limits: Limits): Promise<OpenJournal> {
  const { log } = await openLog(folder);
  return log.hasEnded ? endedJournal(log) : writableJournal(folder, limits);
}

function endedJournal(log: Log): OpenJournal {
  return withReading(log, {
    append: () =>
      Promise.reject(
        new AgentError('invalid', `the journal ${log.folder} has its end: nothing can be added`),
      ),
    dropLines: () => compact(log, log.segments.length),
    close: async () => {
      log.isClosed = true;
    },
  });
}

async function writableJournal(folder: string, limits: Limits): Promise<OpenJournal> {
  const guard = await takeFile(path.join(folder, markName));
  try {
    // Once more: until now another process may have written.
    const { log, superseded, ...leftover } = await openLog(folder);
    for (const file of superseded) await removeFile(file);
    if (log.segments.length === 0) await addSegment(log);
    if (await beginWriting(guard)) leftover.notes = afterPowerCut(leftover.notes);
    let trimming = Promise.resolve();
    const trim = (count: () => number) => {
      const work = trimming.then(() => compact(log, count()));
      trimming = work.catch(() => {});
      return work;
    };
    // A disk that is full now may have room at the next turn.
    const onRotation = () => void trim(() => tooMany(log, limits.logBytes)).catch(() => {});
    const writer = await openWriter(log, { ...limits, onRotation }, leftover);
    return withReading(log, {
      append: writer.append,
      dropLines: () => trim(() => (log.hasEnded ? log.segments.length : 0)),
      async close() {
        const isSafe = await writer.close();
        await trimming;
        if (isSafe && !log.hasEnded) await endWriting(guard).catch(() => {});
        await guard.close();
      },
    });
  } catch (error) {
    await guard.close();
    throw error;
  }
}

/** The machine was stopped: readers may have seen lines that did not reach the disk, and their numbers must not come again. */
function afterPowerCut(notes: EventBody[]): EventBody[] {
  const text = 'the machine was stopped while the agent wrote here: the last lines before it may be lost';
  return [
    { type: 'gap', from: 1, to: mostLost },
    { type: 'log', stage: 'journal', stream: 'agent', text },
    ...notes.filter(({ type }) => type !== 'gap'),
  ];
}

/** The parts of a journal that only read. */
function withReading(log: Log, parts: Pick<OpenJournal, 'append' | 'dropLines' | 'close'>): OpenJournal {
  return {
    get last() {
      return log.last;
    },
    events: (after, options) => readEvents(log, after, options),
    ...parts,
  };
}

/** A journal that was cut down to what is kept goes on in a new segment. */
async function addSegment(log: Log): Promise<void> {
  const first = log.last + 1;
  const file = segmentFile(log.folder, first);
  await fs.writeFile(file, '', { mode: 0o600 });
  await syncFolder(log.folder);
  log.segments.push(newSegment(file, first));
}

/** How many segments have to go, the oldest first; never the one that is written to. */
function tooMany({ segments }: Log, logBytes: number): number {
  let bytes = segments.reduce((sum, { size }) => sum + size, 0);
  let count = 0;
  for (const { size } of segments.slice(0, -1)) {
    if (bytes <= logBytes) break;
    bytes -= size;
    count++;
  }
  return count;
}

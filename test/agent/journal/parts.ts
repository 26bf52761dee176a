import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JournalOptions } from '../../../agent/journal/fileJournals.ts';
import type { Journal } from '../../../agent/journal/journal.ts';
import type { DeploymentEvent, EventBody } from '../../../protocol/deploymentEvents.ts';

const memory = '/dev/shm';

/** A new folder in memory where there is such a place: for tests that write thousands of journals. */
export function folderInMemory(): string {
  return fs.mkdtempSync(path.join(fs.existsSync(memory) ? memory : os.tmpdir(), 'strata-journal-'));
}

/** Small segments, so that a few lines fill several. */
export const small: JournalOptions = { segmentBytes: 1000, groupMs: 0 };

export function line(text: string): EventBody {
  return { type: 'log', stage: 'prepare', stream: 'stdout', text };
}

/** All events after a number that are there. */
export async function all(journal: Journal, after = 0): Promise<DeploymentEvent[]> {
  const events: DeploymentEvent[] = [];
  for await (const event of journal.events(after)) events.push(event);
  return events;
}

export async function appendAll(journal: Journal, bodies: EventBody[]): Promise<number[]> {
  return Promise.all(bodies.map((body) => journal.append(body)));
}

/** An event in a few words. */
export function short(event: DeploymentEvent): string {
  if (event.type === 'log') return `${event.seq} ${event.text}`;
  if (event.type === 'gap') return `${event.seq} gap ${event.from}-${event.to}`;
  if (event.type === 'state') return `${event.seq} ${event.state}`;
  return `${event.seq} ${event.type}`;
}

/** What was appended, without number and time. */
export function bodyOf({ seq: _, time: __, ...body }: DeploymentEvent): EventBody {
  return body as EventBody;
}

/** The files of a journal that hold events, in order. */
export function segmentsOf(state: string, deployment: string): string[] {
  const folder = path.join(state, 'deployments', deployment);
  const names = fs.readdirSync(folder).filter((name) => /^\d+\.log$/.test(name));
  return names.sort().map((name) => path.join(folder, name));
}

/** Whether the journal tells of itself. */
export function isNotice(event: DeploymentEvent | undefined): boolean {
  return event?.type === 'log' && event.stage === 'journal';
}

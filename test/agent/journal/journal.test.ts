import { expect, test } from 'vitest';
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import type { Journal } from '../../../agent/journal/journal.ts';
import type { DeploymentEvent } from '../../../protocol/deploymentEvents.ts';
import { newFolder } from '../../artifact/support/folders.ts';

const line = (text: string) => ({ type: 'log', stage: 'prepare', stream: 'stdout', text }) as const;
const all = async (journal: Journal, after = 0): Promise<DeploymentEvent[]> =>
  Array.fromAsync(journal.events(after));
const textsOf = (events: DeploymentEvent[]) =>
  events.map((event) => `${event.seq} ${event.type === 'log' ? event.text : event.type}`);

test('events are numbered, and are there again when the journal is opened again', async () => {
  const state = newFolder();
  const journal = await fileJournals(state).create('d1');
  expect(await journal.append({ type: 'state', state: 'accepted' })).toBe(1);
  expect(await Promise.all(['a', 'ü\n\u2028', '\ud800'].map((text) => journal.append(line(text))))).toEqual([
    2, 3, 4,
  ]);
  const events = await all(journal);
  expect(textsOf(events)).toEqual(['1 state', '2 a', '3 ü\n\u2028', '4 \ud800']);
  await journal.close();
  const again = await fileJournals(state).open('d1');
  expect(await all(again)).toEqual(events);
  expect(await all(again, 2)).toEqual(events.slice(2));
  expect(await again.append({ type: 'end', result: 'done' })).toBe(5);
  await again.close();
});

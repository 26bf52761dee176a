import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import type { Journal } from '../../../agent/journal/journal.ts';
import type { DeploymentEvent, EventBody } from '../../../protocol/deploymentEvents.ts';
import { all, appendAll, bodyOf, folderInMemory, isNotice, line, segmentsOf, small } from './parts.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 300, minLength: 100 }));
const body: fc.Arbitrary<EventBody> = fc.oneof(
  { arbitrary: text.map(line), weight: 5 },
  { arbitrary: text.map((reason): EventBody => ({ type: 'state', state: 'prepared', reason })), weight: 1 },
);
const bodies = fc.array(body, { minLength: 1, maxLength: 30 });

/** Files of a journal with these events, made anew. */
async function written(
  events: EventBody[],
): Promise<{ state: string; before: DeploymentEvent[]; file: string }> {
  const state = folderInMemory();
  const journal = await fileJournals(state, small).create('d1');
  for (const event of events) await journal.append(event);
  const before = await all(journal);
  await journal.close();
  return { state, before, file: segmentsOf(state, 'd1').at(-1) ?? '' };
}

async function reopened(state: string): Promise<{ events: DeploymentEvent[]; next: number }> {
  const journal = await fileJournals(state, small).open('d1');
  try {
    const events = await all(journal);
    return { events, next: await journal.append(line('next')) };
  } finally {
    await journal.close();
  }
}

const linesOf = (file: string) => fs.readFileSync(file, 'utf8').split('\n').length - 1;

/** Whether each number is told once, in order, with nothing between. */
function expectWhole(events: DeploymentEvent[], after = 0): void {
  let next = after + 1;
  for (const event of events) {
    expect(event.type === 'gap' ? event.from : event.seq).toBe(next);
    next = event.seq + 1;
  }
}

test('cut anywhere, a journal opens to what came before, and tells of the rest', async () => {
  await fc.assert(
    fc.asyncProperty(bodies, fc.nat(), async (events, place) => {
      const { state, before, file } = await written(events);
      const lines = linesOf(file);
      fs.truncateSync(file, place % (fs.statSync(file).size + 1));
      const whole = linesOf(file);
      const after = await reopened(state);
      const told = isNotice(after.events.at(-1)) ? after.events.slice(0, -1) : after.events;
      expect(told).toEqual(before.slice(0, told.length));
      expect(after.next).toBe(after.events.length + 1);
      expect(told).toHaveLength(before.length - (lines - whole));
      fs.rmSync(state, { recursive: true });
    }),
    { numRuns: 60 },
  );
});

test('whatever bytes are altered, no event is told wrong, and what is missing is told as a gap', async () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(bodies, damage, async (events, places) => {
      const { state, before } = await written(events);
      const files = segmentsOf(state, 'd1');
      for (const [which, place, byte] of places) {
        const file = files[which % files.length] ?? '';
        const bytes = fs.readFileSync(file);
        if (bytes.length > 0) bytes[place % bytes.length] = byte;
        fs.writeFileSync(file, bytes);
      }
      const { events: after, next } = await reopened(state);
      expectWhole(after);
      expect(next).toBe((after.at(-1)?.seq ?? 0) + 1);
      for (const event of after) {
        if (event.type !== 'gap' && !isNotice(event)) expect(before).toContainEqual(event);
      }
      fs.rmSync(state, { recursive: true });
    }),
    { numRuns: 60 },
  );
});

/** Reads on after what it has, and hangs up after some events: an answer of 0 follows to the end. */
async function readSome(journal: Journal, heard: DeploymentEvent[], count: number): Promise<void> {
  const stop = new AbortController();
  const options = { follow: true, signal: stop.signal };
  let left = count;
  for await (const event of journal.events(heard.at(-1)?.seq ?? 0, options)) {
    heard.push(event);
    if (--left === 0) stop.abort();
  }
}

test('readers who hang up and come back hear all that was appended, once and in order', async () => {
  const pauses = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(bodies, fc.array(pauses, { minLength: 1, maxLength: 5 }), async (events, readers) => {
      const state = folderInMemory();
      const journal = await fileJournals(state, small).create('d1');
      const hearing = readers.map(async (counts) => {
        const heard: DeploymentEvent[] = [];
        for (const count of counts) await readSome(journal, heard, count);
        await readSome(journal, heard, 0);
        return heard;
      });
      const numbers = await appendAll(journal, events);
      await journal.append({ type: 'end', result: 'done' });
      expect(numbers).toEqual(events.map((_, at) => at + 1));
      for (const heard of await Promise.all(hearing)) {
        expectWhole(heard);
        expect(heard.slice(0, -1).map(bodyOf)).toEqual(events);
      }
      await journal.close();
      fs.rmSync(path.join(state), { recursive: true });
    }),
    { numRuns: 60 },
  );
});

test('readers of a journal that loses its oldest lines hear of every number once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(300), { minLength: 1, maxLength: 8 }), async (starts) => {
      const state = folderInMemory();
      const journal = await fileJournals(state, { ...small, logBytes: 3000 }).create('d1');
      const hearing = starts.map(async (after) => {
        const heard: DeploymentEvent[] = [];
        for await (const event of journal.events(after, { follow: true })) heard.push(event);
        expectWhole(heard, after);
        return heard.at(-1)?.type;
      });
      for (let at = 0; at < 300; at += 10) {
        await appendAll(
          journal,
          Array.from({ length: 10 }, (_, more) => line(`line ${at + more}`)),
        );
      }
      await journal.append({ type: 'end', result: 'done' });
      expect(await Promise.all(hearing)).toEqual(starts.map(() => 'end'));
      await journal.close();
      fs.rmSync(state, { recursive: true });
    }),
    { numRuns: 20 },
  );
});

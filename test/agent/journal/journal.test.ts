import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import type { DeploymentEvent } from '../../../protocol/deploymentEvents.ts';
import { newFolder } from '../../artifact/support/folders.ts';
import { all, appendAll, line, segmentsOf, short, small } from './parts.ts';

const lines = (count: number) => Array.from({ length: count }, (_, at) => line(`line ${at + 1}`));

test('events are numbered, and are there again when the journal is opened again', async () => {
  const state = newFolder();
  const journal = await fileJournals(state).create('d1');
  expect(await journal.append({ type: 'state', state: 'accepted' })).toBe(1);
  expect(await appendAll(journal, ['a', 'ü\n\u2028', '\ud800'].map(line))).toEqual([2, 3, 4]);
  const events = await all(journal);
  expect(events.map(short)).toEqual(['1 accepted', '2 a', '3 ü\n\u2028', '4 \ud800']);
  await journal.close();

  const again = await fileJournals(state).open('d1');
  expect(again.last).toBe(4);
  expect(await all(again)).toEqual(events);
  expect(await all(again, 2)).toEqual(events.slice(2));
  expect(await again.append({ type: 'end', result: 'done' })).toBe(5);
  await again.close();
});

test('a journal can be read with cat', async () => {
  const state = newFolder();
  const journal = await fileJournals(state).create('d1');
  await journal.append(line('building'));
  await journal.close();
  const [file = ''] = segmentsOf(state, 'd1');
  expect(fs.readFileSync(file, 'utf8')).toMatch(
    /^[0-9a-f]{8} 97 \{"seq":1,"time":\d{13},"type":"log","stage":"prepare","stream":"stdout","text":"building"\}\n$/,
  );
});

test('a reader who follows hears of all that comes, up to the end', async () => {
  const journal = await fileJournals(newFolder(), small).create('d1');
  const heard = (async () => {
    const events: DeploymentEvent[] = [];
    for await (const event of journal.events(0, { follow: true })) events.push(event);
    return events.map(short);
  })();
  await appendAll(journal, lines(50));
  await journal.append({ type: 'end', result: 'done' });
  expect(await heard).toEqual([...lines(50).map((_, at) => `${at + 1} line ${at + 1}`), '51 end']);
  await expect(journal.append(line('late'))).rejects.toMatchObject({ code: 'invalid' });
  await journal.close();
});

test('a reader who follows ends with the signal, and when the journal is closed', async () => {
  const journal = await fileJournals(newFolder()).create('d1');
  const stop = new AbortController();
  const [stopped, closed] = [{ follow: true, signal: stop.signal }, { follow: true }].map((options) =>
    journal.events(0, options)[Symbol.asyncIterator]().next(),
  );
  stop.abort();
  expect(await stopped).toMatchObject({ done: true });
  await journal.close();
  expect(await closed).toMatchObject({ done: true });
});

test('those who open one journal share it, and it closes with the last of them', async () => {
  const journals = fileJournals(newFolder());
  const [writer, reader] = [await journals.create('d1'), await journals.open('d1')];
  const events = reader.events(0, { follow: true })[Symbol.asyncIterator]();
  const next = events.next();
  await writer.append(line('seen'));
  expect((await next).value).toMatchObject({ text: 'seen', seq: 1 });
  await events.return?.();
  await reader.close();
  expect(await writer.append(line('still open'))).toBe(2);
  await writer.close();
  await expect(writer.append(line('late'))).rejects.toMatchObject({ code: 'invalid' });
});

test('a name that cannot be, a journal twice, and none', async () => {
  const journals = fileJournals(newFolder());
  await expect(journals.create('../d1')).rejects.toMatchObject({ code: 'invalid' });
  await expect(journals.open('.new-1-d1')).rejects.toMatchObject({ code: 'invalid' });
  await expect(journals.open('d1')).rejects.toMatchObject({ code: 'missing' });
  expect(await journals.list()).toEqual([]);
  await (await journals.create('d1')).close();
  await expect(journals.create('d1')).rejects.toMatchObject({ code: 'invalid' });
});

test('journals are listed as they were made, whatever the clock and their names say', async () => {
  const journals = fileJournals(newFolder());
  for (const name of ['c', 'a', 'b']) await (await journals.create(name)).close();
  await Promise.all(['z', 'y'].map(async (name) => (await journals.create(name)).close()));
  expect(await journals.list()).toEqual(['c', 'a', 'b', 'z', 'y']);
});

test('the oldest lines of a long journal go, and a gap stands for them; states stay', async () => {
  const state = newFolder();
  const journals = fileJournals(state, { ...small, logBytes: 5000 });
  const writer = await journals.create('d1');
  await writer.append({ type: 'state', state: 'accepted' });
  for (const body of lines(100)) await writer.append(body);
  await writer.append({ type: 'state', state: 'fetched' });
  for (const body of lines(200)) await writer.append(body);
  // Lines go while others are written; once it is closed, all are gone that have to go.
  await writer.close();
  const journal = await journals.open('d1');
  const told = (await all(journal)).map(short);
  const [first, gap, fetched, second, next = ''] = told;
  expect([first, gap, fetched]).toEqual(['1 accepted', '101 gap 2-101', '102 fetched']);
  const to = Number(/gap 103-(\d+)$/.exec(second ?? '')?.[1]);
  expect(next).toBe(`${to + 1} line ${to + 1 - 102}`);
  expect(told.at(-1)).toBe('302 line 200');
  expect(segmentsOf(state, 'd1').length).toBeLessThan(8);
  expect((await all(journal, 50)).map(short)).toEqual(['101 gap 51-101', ...told.slice(2)]);
  await journal.close();
  const again = await fileJournals(state).open('d1');
  expect((await all(again)).map(short)).toEqual(told);
  await again.close();
});

test('gc takes the lines of old deployments that have ended', async () => {
  const state = newFolder();
  const journals = fileJournals(state, small);
  const running = await journals.create('running');
  await appendAll(running, lines(3));
  for (const name of ['old', 'new']) {
    const journal = await journals.create(name);
    await appendAll(journal, [
      { type: 'state', state: 'accepted' },
      ...lines(30),
      { type: 'end', result: 'failed' },
    ]);
    await journal.close();
  }
  await journals.gc({ keep: 1 });
  await journals.gc({ keep: 1 });
  const [old, young] = [await journals.open('old'), await journals.open('new')];
  expect((await all(old)).map(short)).toEqual(['1 accepted', '31 gap 2-31', '32 end']);
  expect(old.last).toBe(32);
  expect(await all(young)).toHaveLength(32);
  expect(await all(running)).toHaveLength(3);
  expect(fs.readdirSync(path.join(state, 'deployments/old')).sort()).toEqual(['journal', 'kept.log']);
  await expect(old.append(line('late'))).rejects.toMatchObject({ code: 'invalid' });
  await Promise.all([old, young, running].map((journal) => journal.close()));
});

test('a segment that somebody took away is told as a gap', async () => {
  const state = newFolder();
  const journal = await fileJournals(state, small).create('d1');
  for (const body of lines(40)) await journal.append(body);
  await journal.close();
  const [, second = '', third = ''] = segmentsOf(state, 'd1');
  fs.unlinkSync(second);
  const [from, to] = [Number(path.parse(second).name), Number(path.parse(third).name) - 1];
  const again = await fileJournals(state).open('d1');
  const told = (await all(again)).map(short);
  expect(told).toHaveLength(40 - (to - from));
  expect(told[from - 1]).toBe(`${to} gap ${from}-${to}`);
  await again.close();
});

test('the oldest journals go as a whole, those behind them but for an outline, whatever is damaged among them', async () => {
  const state = newFolder();
  const journals = fileJournals(state, small);
  for (let number = 1; number <= 9; number++) {
    const journal = await journals.create(`d${number}`);
    await appendAll(journal, [line('a line'), { type: 'end', result: 'done' }]);
    await journal.close();
  }
  const folder = (name: string) => path.join(state, 'deployments', name);
  fs.rmSync(path.join(folder('d5'), '000000000001.log'));
  fs.mkdirSync(path.join(folder('d5'), '000000000001.log'));
  fs.rmSync(path.join(folder('d6'), 'journal'));
  fs.mkdirSync(path.join(folder('d6'), 'journal'));
  await expect(journals.gc({ keep: 2 })).rejects.toMatchObject({ code: 'unavailable' });
  const left = await journals.list();
  // Nobody knows when the one without a mark was made: it counts as the oldest.
  expect(left).toEqual(['d3', 'd4', 'd5', 'd7', 'd8', 'd9']);
  const types = async (name: string) => {
    const journal = await journals.open(name);
    const found = (await all(journal)).map(({ type }) => type);
    await journal.close();
    return found;
  };
  expect([await types('d4'), await types('d7'), await types('d8')]).toEqual([
    ...[
      ['gap', 'end'],
      ['gap', 'end'],
      ['log', 'end'],
    ],
  ]);
  await (await journals.create('d10')).close();
  expect(await journals.list()).toContain('d10');
});

test('many readers, fast and slow, are all told the same, once and in order', async () => {
  const state = newFolder();
  const journals = fileJournals(state, { segmentBytes: 200_000, groupMs: 0 });
  const journal = await journals.create('d1');
  const read = async (after: number, isSlow: boolean) => {
    const told: string[] = [];
    for await (const event of journal.events(after, { follow: true })) {
      told.push(short(event));
      if (isSlow && told.length % 500 === 0) await new Promise(setImmediate);
    }
    return told;
  };
  const readers = Array.from({ length: 6 }, (_, at) => read(at % 3 === 2 ? 40 : 0, at > 2));
  // More than what is remembered for them.
  for (let turn = 0; turn < 30; turn++) {
    await appendAll(
      journal,
      Array.from({ length: 100 }, (_, at) => line(`${turn} ${at} ${'x'.repeat(1500)}`)),
    );
  }
  await journal.append({ type: 'end', result: 'done' });
  const whole = (await all(journal)).map(short);
  expect(whole).toHaveLength(3001);
  for (const [at, told] of (await Promise.all(readers)).entries()) {
    expect(told).toEqual(at % 3 === 2 ? whole.slice(40) : whole);
  }
  await journal.close();
});

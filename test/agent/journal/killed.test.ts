import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, expect, test } from 'vitest';
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import { newFolder } from '../../artifact/support/folders.ts';
import { quickNode } from '../../support/quickNode.ts';
import { all, isNotice, line, segmentsOf } from './parts.ts';

const worker = path.join(import.meta.dirname, 'worker.ts');

function startWriter(state: string, count: number): ChildProcess {
  return spawn(process.execPath, [worker, state, 'd1', `${count}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: quickNode,
  });
}

/** Kills a writer after it said some lines, and some more steps of the loop; the last number it was promised. */
async function killWriter(state: string, lines: number, steps: number): Promise<number> {
  const child = startWriter(state, 1e9);
  const exit = once(child, 'exit');
  let last = 0;
  let left = lines;
  for await (const said of createInterface({ input: child.stdout ?? process.stdin })) {
    const number = Number(said.split(' ').at(-1));
    if (Number.isInteger(number)) last = number;
    if (--left > 0) continue;
    for (let step = 0; step < steps; step++) await new Promise(setImmediate);
    child.kill('SIGKILL');
  }
  await exit;
  return last;
}

// One that ends well leaves its code to the others.
beforeAll(async () => void (await once(startWriter(newFolder(), 1), 'close')));

/** So often a writer is killed. */
const kills = Number(process.env.STRATA_WRITERS) || 15;

test(`a writer that is killed ${kills} times loses nothing that it was promised`, async () => {
  const state = newFolder();
  for (let turn = 0; turn < kills; turn++) {
    const promised = await killWriter(state, 1 + ((turn * 7) % 25), (turn * 13) % 40);
    const journal = await fileJournals(state).open('d1');
    const events = await all(journal);
    expect(events.length).toBeGreaterThanOrEqual(promised);
    events.forEach((event, at) => {
      expect(event.seq).toBe(at + 1);
      if (event.type === 'log' && event.stage === 'prepare') expect(event.text).toBe(`line ${event.seq}`);
      else expect(event.type === 'state' || isNotice(event)).toBe(true);
    });
    await journal.close();
  }
}, 3_000_000);

test('a torn record that a killed writer left is cut off and told, once', async () => {
  const state = newFolder();
  await killWriter(state, 3, 0);
  fs.appendFileSync(segmentsOf(state, 'd1').at(-1) ?? '', '00c0ffee 97 {"seq":99,"ti');
  const journal = await fileJournals(state).open('d1');
  const events = await all(journal);
  expect(events.at(-1)).toMatchObject({ type: 'log', stage: 'journal', stream: 'agent' });
  expect(events.at(-1)).toMatchObject({ text: expect.stringContaining('25 bytes') });
  await journal.close();
  const again = await fileJournals(state).open('d1');
  expect(await all(again)).toEqual(events);
  await again.close();
});

test('two processes never write one journal', async () => {
  const state = newFolder();
  const child = startWriter(state, 1e9);
  const exit = once(child, 'exit');
  await once(child.stdout ?? child, 'data');
  await expect(fileJournals(state).open('d1')).rejects.toMatchObject({ code: 'busy' });
  child.kill('SIGKILL');
  await exit;
  const journal = await fileJournals(state).open('d1');
  expect(await journal.append(line('mine now'))).toBe(journal.last);
  await journal.close();
});

test('after a power cut no number comes twice: what may be lost is a gap', async () => {
  const state = newFolder();
  await killWriter(state, 3, 0);
  // As if it had been written before the machine was started.
  const mark = path.join(state, 'deployments/d1/journal');
  const [first = ''] = fs.readFileSync(mark, 'utf8').split('\n');
  fs.writeFileSync(mark, `${first}\n${'1b4e28ba-2fa1-11d2-883f-0016d3cca427'.padEnd(40)}\n`);
  const before = fs.readFileSync(segmentsOf(state, 'd1').at(-1) ?? '', 'utf8').split('\n').length - 1;
  const journal = await fileJournals(state).open('d1');
  const events = await all(journal);
  const gap = events.find(({ type }) => type === 'gap');
  expect(gap).toMatchObject({ from: before + 1, to: before + 16_096 });
  expect(events.at(-1)).toMatchObject({ type: 'log', stage: 'journal' });
  await journal.close();
  // One that was closed well has nothing to tell.
  fs.writeFileSync(mark, fs.readFileSync(mark, 'utf8').replace(/.*\n$/, 'closed\n'));
  const again = await fileJournals(state).open('d1');
  expect(await all(again)).toEqual(events);
  await again.close();
});

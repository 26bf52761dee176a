import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../../protocol/deployment.ts';
import { outcome, startChild } from '../support/agentProcess.ts';
import {
  copyOf,
  deploy,
  ended,
  eventsUntil,
  liveVersion,
  newBox,
  type TestBox,
  uploadApp,
  withAgent,
} from '../support/box.ts';
import { checkInvariant, checkNext, lastVersion } from '../support/invariant.ts';

const state = (box: TestBox, ...names: string[]) => path.join(box.root, '.strata-agent', ...names);

interface KilledBox {
  box: TestBox;
  id: string;
}

const killedBoxes = new Map<number, Promise<KilledBox>>();

/** A box whose agent was killed behind an event of deploying 2 over 1, and the id of that deployment; a copy for each who asks. */
async function killedBox(kill: number): Promise<KilledBox> {
  const made = killedBoxes.get(kill) ?? killBox(kill);
  killedBoxes.set(kill, made);
  const { box, id } = await made;
  return { box: copyOf(box), id };
}

async function killBox(kill: number): Promise<KilledBox> {
  const box = newBox();
  const hook = { 'deploy/hooks/prepare': 'echo $STRATA_VERSION' };
  for (const version of ['1', '2', lastVersion]) await uploadApp(box, version, hook);
  await outcome(startChild(box, { request: { app: 'shop', version: '1' } }));
  const task = { request: { app: 'shop', version: '2' }, kill };
  expect(await outcome(startChild(box, task))).toEqual({ isKilled: true });
  const records = fs
    .readdirSync(state(box, 'records'))
    .map((name) => JSON.parse(fs.readFileSync(state(box, 'records', name), 'utf8')));
  return { box, id: records.find(({ result }) => result === null).id };
}

const wholeText = (file: string) => fs.readFileSync(file, 'utf8');

/** What may become of the files of a deployment. */
const damages: { name: string; of: 'journal' | 'record'; damage(journal: string, record: string): void }[] = [
  {
    name: 'a journal that lost its mark',
    of: 'journal',
    damage: (journal) => fs.rmSync(path.join(journal, 'journal')),
  },
  {
    name: 'a journal whose segment is a folder',
    of: 'journal',
    damage(journal) {
      const [segment = ''] = fs.readdirSync(journal).filter((one) => one.endsWith('.log'));
      fs.rmSync(path.join(journal, segment));
      fs.mkdirSync(path.join(journal, segment));
    },
  },
  {
    name: 'a journal that is a file',
    of: 'journal',
    damage(journal) {
      fs.rmSync(journal, { recursive: true });
      fs.writeFileSync(journal, 'what was a folder');
    },
  },
  {
    name: 'a journal whose mark is a folder',
    of: 'journal',
    damage(journal) {
      fs.rmSync(path.join(journal, 'journal'));
      fs.mkdirSync(path.join(journal, 'journal'));
    },
  },
  { name: 'an empty record', of: 'record', damage: (_, record) => fs.writeFileSync(record, '') },
  {
    name: 'half a record',
    of: 'record',
    damage: (_, record) => fs.writeFileSync(record, wholeText(record).slice(0, 200)),
  },
  {
    name: 'a record of zeros',
    of: 'record',
    damage: (_, record) => fs.writeFileSync(record, Buffer.alloc(300)),
  },
  {
    name: 'a record that is a folder',
    of: 'record',
    damage(_, record) {
      fs.rmSync(record);
      fs.mkdirSync(record);
    },
  },
  {
    name: 'a record that leads elsewhere',
    of: 'record',
    damage: (_, record) =>
      fs.writeFileSync(record, wholeText(record).replace('"swing":', '"app":"../shop","swing":')),
  },
];

describe('an agent over what was damaged', () => {
  // Behind the locked app, what was unpacked, the commit and the switch.
  const all = damages.flatMap((one) => [2, 5, 8, 9].map((kill) => ({ ...one, kill })));
  it.each(all)(
    'starts in spite of $name of one that was killed behind event $kill',
    async ({ damage, kill, of }) => {
      const { box, id } = await killedBox(kill);
      damage(state(box, 'deployments', id), state(box, 'records', `${id}.json`));
      const said: string[] = [];
      const log = (line: string) => void said.push(line);
      await withAgent(box, { log }, async (agent) => {
        const one = await ended(agent, id);
        expect(one).toMatchObject({
          id,
          state: 'unknown',
          result: 'unknown',
          reason: expect.stringMatching(`its ${of} `),
        });
        expect(one).toMatchObject({ app: kill > 2 || of === 'journal' ? 'shop' : expect.anything() });
        const line = said.find((text) => text.includes(id));
        expect(line, said.join('\n')).toMatch(`is unknown: its ${of} `);
        expect(['1', '2']).toContain(liveVersion(box));
        expect((await agent.deployments({})).length).toBe(2);
        await checkNext(agent, box);
      });
      const twice: string[] = [];
      await withAgent(box, { log: (text) => void twice.push(text) }, async (agent) => {
        expect(await agent.deployment(id)).toMatchObject({ result: 'unknown' });
      });
      expect(twice).toEqual([]);
    },
    30_000,
  );

  it('tells whoever followed a journal that was replaced what is missing, and the end', async () => {
    const { box, id } = await killedBox(8);
    fs.rmSync(state(box, 'deployments', id, 'journal'));
    await withAgent(box, {}, async (agent) => {
      const events = await eventsUntil(agent, id, ({ type }) => type === 'end');
      expect(events.map(({ type }) => type)).toEqual(['gap', 'state', 'end']);
      const after: string[] = [];
      for await (const event of agent.events(id, 7, { follow: true, signal: new AbortController().signal }))
        after.push(event.type);
      expect(after).toEqual(['gap', 'state', 'end']);
      expect(
        fs.readdirSync(state(box, 'deployments')).filter((name) => name.startsWith('.damaged-')),
      ).toHaveLength(1);
    });
  });

  it('tells the end of one whose journal lost it', async () => {
    const box = newBox();
    await uploadApp(box, '1');
    let done: Deployment | undefined;
    await outcome(startChild(box, { request: { app: 'shop', version: '1' } }));
    await withAgent(box, {}, async (agent) => {
      [done] = await agent.deployments({});
    });
    const segment = state(box, 'deployments', done?.id ?? '', '000000000001.log');
    fs.truncateSync(segment, fs.statSync(segment).size - 10);
    await withAgent(box, {}, async (agent) => {
      expect(await ended(agent, done?.id ?? '')).toMatchObject({ result: 'done' });
    });
  });

  it('takes away what is left of one that has ended, where its record does not say so', async () => {
    const box = newBox();
    for (const version of ['1', lastVersion]) await uploadApp(box, version);
    const id = await withAgent(box, {}, async (agent) => (await deploy(agent, { version: '1' })).id);
    const record = state(box, 'records', `${id}.json`);
    fs.writeFileSync(record, JSON.stringify({ ...JSON.parse(wholeText(record)), result: null }));
    const unpacked = path.join(box.root, 'shop/versions/unpack', id);
    for (const folder of [state(box, 'hooks', id), unpacked]) fs.mkdirSync(folder, { recursive: true });
    await withAgent(box, {}, async (agent) => {
      expect(await agent.deployment(id)).toMatchObject({ result: 'done' });
      await checkNext(agent, box);
    });
  });
});

/** All bytes of the journal with a number here; else those of its last record. */
const many = Number(process.env.STRATA_TEARS) || 0;

describe.concurrent('a journal that is torn', () => {
  it.each([2, 5, 7, 8, 9, 10])(
    'at every byte of its tail, behind event %i, leaves a box that goes on',
    async (kill) => {
      const { box: template, id } = await killedBox(kill);
      const segment = path.relative(template.root, state(template, 'deployments', id, '000000000001.log'));
      const text = wholeText(path.join(template.root, segment));
      const lines = text.trimEnd().split('\n');
      const from = many > 0 ? 0 : text.length - (lines.at(-1)?.length ?? 0) - 1;
      const step = many > 0 ? 1 : 7;
      for (let size = text.length - 1; size >= from; size -= step) {
        const box = copyOf(template);
        fs.truncateSync(path.join(box.root, segment), size);
        await withAgent(box, {}, (agent) => checkInvariant(agent, box));
      }
    },
    3_000_000,
  );
});

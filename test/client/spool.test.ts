import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSpool } from '../../client/logs/spool/spool.ts';
import type { Deployment } from '../../protocol/deployment.ts';
import type { Entry } from '../../remote/logs/entry.ts';
import { newFolder } from '../support/repository.ts';

const deployment = (id: string): Deployment => ({
  ...{ id, action: 'deploy', app: 'shop', channel: 'master', version: '2', previous: '1' },
  ...{ state: 'accepted', user: 'ann', created: 1, updated: 1, lastEvent: 0, result: null, reason: null },
});

/** The line of a deployment with a number, with what separates lines elsewhere in it. */
function line(box: string, id: string, seq: number): Entry {
  const event = {
    type: 'log',
    stage: 's',
    stream: 'stdout',
    text: `ü\u2028${seq}\r`,
    seq,
    time: seq,
  } as const;
  return { box, deployment: deployment(id), event, time: seq };
}

const end = (box: string, id: string, seq: number): Entry => ({
  ...line(box, id, seq),
  event: { type: 'end', result: 'done', seq, time: seq },
});

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

describe('the spool of a tail', () => {
  it('knows after any cut what it had, and nothing twice', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 3, max: 9 }), fc.nat(400), async (batches, most, torn) => {
        const folder = newFolder();
        const first = await openSpool(folder, most);
        await first.passOver('b1', ['old']);
        const told: Entry[] = [];
        for (const size of batches) {
          const next = Array.from({ length: size }, (_, at) => line('b1', 'd1', told.length + at + 1));
          await first.append(next);
          told.push(...next);
        }
        const files = fs.readdirSync(folder).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
        const last = path.join(folder, files.at(-1) ?? '');
        const { size } = fs.statSync(last);
        // Only what was last written can be torn.
        if (files.length === 1) fs.truncateSync(last, Math.max(0, size - torn));
        const second = await openSpool(folder, most);
        const left = told.slice(0, second.lastSeq('b1', 'd1'));
        const missing = told.slice(left.length);
        await second.append(missing);
        const kept = await all(second.entries());
        expect(kept).toEqual(told.slice(told.length - kept.length));
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(told.length, most));
        expect(second.lastSeq('b1', 'd1')).toBe(told.length);
      }),
      { numRuns: 60 },
    );
  });

  it('is bounded, and still knows what it has let go', async () => {
    const folder = newFolder();
    const spool = await openSpool(folder, 10);
    await spool.passOver('b1', ['old']);
    await spool.append([line('b1', 'd1', 1), end('b1', 'd1', 2)]);
    for (let seq = 1; seq < 100; seq++) await spool.append([line('b2', 'd2', seq)]);
    expect(fs.readdirSync(folder)).toHaveLength(2);
    const again = await openSpool(folder, 10);
    for (const one of [spool, again]) {
      expect((await all(one.entries())).length).toBeLessThanOrEqual(20);
      expect([...(one.passedOver('b1') ?? [])]).toEqual(['old']);
      expect(one.passedOver('b2')).toBeUndefined();
      expect([one.isOver('b1', 'd1'), one.isOver('b2', 'd2')]).toEqual([true, false]);
      expect([one.lastSeq('b1', 'd1'), one.lastSeq('b2', 'd2'), one.lastSeq('b3', 'd2')]).toEqual([2, 99, 0]);
      expect(one.deployments().map(({ box }) => box)).toEqual(['b1', 'b2']);
    }
    await again.delete();
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('leaves out lines that cannot be read', async () => {
    const folder = newFolder();
    fs.writeFileSync(
      path.join(folder, '1.ndjson'),
      '{}\n["event"]\n["event","b1","d1",{}]\nx\n["other","b1"]\n',
    );
    const spool = await openSpool(folder);
    expect(await all(spool.entries())).toEqual([]);
    await spool.append([line('b1', 'd1', 1)]);
    expect(await all((await openSpool(folder)).entries())).toEqual([line('b1', 'd1', 1)]);
  });
});

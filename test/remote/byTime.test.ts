import { EventEmitter, on } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byTime } from '../../remote/logs/byTime.ts';

interface Thing {
  time: number;
  lane: number;
  at: number;
}

async function* of(things: readonly Thing[], steps: () => Promise<unknown>): AsyncGenerator<Thing> {
  for (const thing of things) {
    await steps();
    yield thing;
  }
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 });
const asThings = (lane: number, list: readonly number[]) => list.map((time, at) => ({ time, lane, at }));

describe('things of several sources', () => {
  it('come in the order of their time, whoever is late', async () => {
    const sorted = times.map((list) => list.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(
        fc.array(sorted, { maxLength: 5 }),
        fc.infiniteStream(fc.nat(4)),
        async (lists, waits) => {
          const merged = byTime<Thing>();
          const late = async () => {
            for (let left = waits.next().value ?? 0; left > 0; left--) await undefined;
          };
          const lanes = lists.map((list, lane) => asThings(lane, list));
          for (const lane of lanes) merged.add(() => of(lane, late));
          merged.close();
          const found = await all(merged);
          expect(found.map(({ time }) => time)).toEqual(
            lanes
              .flat()
              .map(({ time }) => time)
              .sort((a, b) => a - b),
          );
          for (const lane of lanes) expect(found.filter((one) => lane.includes(one))).toEqual(lane);
        },
      ),
    );
  });

  it('keep the order of their source where its clock does not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(times, { maxLength: 4 }), async (lists) => {
        const merged = byTime<Thing>();
        const lanes = lists.map((list, lane) => asThings(lane, list));
        for (const lane of lanes) merged.add(() => of(lane, async () => undefined));
        merged.close();
        const found = await all(merged);
        for (const lane of lanes) expect(found.filter((one) => lane.includes(one))).toEqual(lane);
      }),
    );
  });

  it('are held up by nobody who only waits for what happens', async () => {
    const bell = new EventEmitter();
    const merged = byTime<Thing>();
    merged.add((lane, changed) => {
      lane.isWaitedFor = false;
      changed();
      return (async function* () {
        for await (const [thing] of on(bell, 'thing', { close: ['end'] })) yield thing;
      })();
    });
    merged.add(() => of(asThings(1, [1, 2]), async () => undefined));
    const found: Thing[] = [];
    for await (const one of merged) {
      found.push(one);
      if (one.time === 2) bell.emit('thing', { time: 0, lane: 0, at: 0 });
      if (one.lane === 0) {
        merged.add(() => of(asThings(2, [5]), async () => undefined));
        merged.close();
        bell.emit('end');
      }
    }
    expect(found.map(({ lane, time }) => [lane, time])).toEqual([
      [1, 1],
      [1, 2],
      [0, 0],
      [2, 5],
    ]);
  });
});

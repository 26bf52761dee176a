import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../agent/service.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { isPlan, type Plan } from '../../protocol/deploymentPlan.ts';
import { RemoteError } from '../../remote/failure.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { retried, reverted } from '../../remote/rollout/again.ts';
import { batchesOf, batchSize } from '../../remote/rollout/batches.ts';
import type { NewRollout, Wanted } from '../../remote/rollout/newRollout.ts';
import { misplaced } from '../../remote/rollout/place.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import { fileThere, liveVersion, uploadApp } from '../agent/support/box.ts';
import { inProcess } from '../agent/support/inProcess.ts';
import { type Box, deploymentsOf, newBoxes, type Ran, ran, rolloutOf } from './support/rollouts.ts';

/** A plan in which nothing stands. */
const noPlan: Plan = {
  ...{ app: 'shop', channel: 'master', from: '2', to: '2', isNoOp: false, digest: 'x' },
  ...{ commits: [], config: [], files: [], units: [], vhosts: [], restarts: [], migrations: [] },
  ...{ hooks: [], obstacles: [] },
};

describe('the size of a batch', () => {
  it.each([
    ['1', 5, 1],
    ['3', 2, 3],
    ['25%', 4, 1],
    ['25%', 5, 2],
    ['0.5%', 10, 1],
    ['100%', 7, 7],
    ['25%', 0, 1],
    ['0', 5, undefined],
    ['0%', 5, undefined],
    ['101%', 5, undefined],
    ['1.5', 5, undefined],
    ['-1', 5, undefined],
    ['x', 5, undefined],
    ['', 5, undefined],
  ])('%s of %i boxes', (text, count, expected) => {
    expect(batchSize(text, count)).toBe(expected);
  });

  it('keeps canaries apart', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })) as Box[];
    const batches = (more: Partial<NewRollout>) =>
      batchesOf(rolloutOf(names, more)).map((batch) => batch.map((one) => one.box).join(''));
    expect(batches({ batch: 2 })).toEqual(['ab', 'cd', 'e']);
    expect(batches({ batch: 2, canary: ['d'] })).toEqual(['d', 'ab', 'ce']);
    expect(batches({ batch: 3, canary: 1 })).toEqual(['a', 'bcd', 'e']);
  });
});

describe('a rollout', () => {
  it('deploys box by box and tells of it', async () => {
    const boxes = await newBoxes(2);
    const { outcomes, events, rollout, kept } = await ran(boxes, rolloutOf(boxes));
    expect(outcomes).toEqual(['done', 'done']);
    expect(boxes.map((box) => liveVersion(box))).toEqual(['2', '2']);
    const told = events.map((one) =>
      one.type === 'batch'
        ? `batch ${one.batch} of ${one.of}: ${one.boxes}`
        : `${one.type} ${'box' in one ? one.box : ''}`,
    );
    expect(told.filter((one) => !one.startsWith('event'))).toEqual([
      ...['batch 1 of 2: b1', 'accepted b1', 'ended b1'],
      ...['batch 2 of 2: b2', 'accepted b2', 'ended b2'],
    ]);
    const numbers = events.flatMap((one) =>
      one.type === 'event' && one.box === 'b1' ? [one.event.seq] : [],
    );
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(kept[0]?.boxes.every((one) => !one.isBegun)).toBe(true);
    expect(kept.at(-1)).toEqual(rollout);
  });

  it('knows what changed nothing, by the plan or by the deployment', async () => {
    const boxes = await newBoxes(2);
    await ran(boxes, rolloutOf(boxes));
    const again = await ran(boxes, rolloutOf(boxes));
    expect(again.outcomes).toEqual(['no_change', 'no_change']);
    const plan = { ...noPlan, isNoOp: true };
    const wanted = boxes.map(({ name }) => ({ box: name, request: { app: 'shop' }, plan }));
    expect((await ran(boxes, rolloutOf(boxes, { boxes: wanted }))).outcomes).toEqual([
      'no_change',
      'no_change',
    ]);
    expect(await deploymentsOf(boxes)).toEqual([2, 2]);
  });

  it('leaves boxes alone whose agents are elsewhere than the manifest says', async () => {
    const boxes = await newBoxes(3);
    const place = { environment: 'qa', cluster: 'eu', hostname: null };
    const planOf = (more: Partial<Plan>): Plan => ({ ...noPlan, place, ...more });
    const wanted = (box: string, plan: Plan, more: Partial<Wanted> = {}): Wanted => ({
      ...{ box, request: { app: 'shop', version: '2' }, plan, ...more },
    });
    const rollout = rolloutOf(boxes, {
      maxFailures: 9,
      boxes: [
        wanted('b1', planOf({ place: { ...place, environment: 'production' } })),
        wanted('b2', planOf({}), { cluster: null }),
        // Nothing is said of its cluster.
        wanted('b3', planOf({ isNoOp: true })),
      ],
    });
    const { outcomes, rollout: after } = await ran(boxes, rollout);
    expect(outcomes).toEqual(['refused', 'refused', 'no_change']);
    expect(after.boxes.map((one) => one.reason)).toEqual([
      'its agent is in production, and the manifest says qa: one of them is wrong',
      'its agent is in qa/eu, and the manifest says qa: one of them is wrong',
      '2 is live already',
    ]);
    expect(await deploymentsOf(boxes)).toEqual([0, 0, 0]);
    const old = planOf({});
    delete old.place;
    expect(misplaced({ environment: 'production' }, old)).toBeUndefined();
    expect(isPlan(old) && isPlan(planOf({}))).toBe(true);
    expect(isPlan({ ...old, place: { environment: 'qa' } })).toBe(false);
  });

  it('begins no other box when a canary fails, whatever else may fail', async () => {
    const boxes = await newBoxes(3);
    boxes[1]?.is('fails');
    const { outcomes, rollout, events } = await ran(
      boxes,
      rolloutOf(boxes, { canary: ['b2'], maxFailures: 9 }),
    );
    expect(rollout.boxes.map((one) => `${one.box} ${one.outcome}`)).toEqual([
      'b2 failed',
      'b1 not_started',
      'b3 not_started',
    ]);
    expect(outcomes).toHaveLength(3);
    expect(events).toContainEqual({ type: 'stopped', reason: 'canary', message: null });
    expect(await deploymentsOf(boxes)).toEqual([0, 1, 0]);
  });

  it('tells of what was taken back', async () => {
    const boxes = await newBoxes(1);
    const one = { boxes: [{ box: 'b1', request: { app: 'shop', version: '1' } }] };
    await ran(boxes, rolloutOf(boxes, one));
    boxes[0]?.is('breaks');
    const { rollout } = await ran(boxes, rolloutOf(boxes));
    expect(rollout.boxes[0]).toMatchObject({
      outcome: 'rolled_back',
      previous: '1',
      version: '2',
      reason: expect.stringContaining('1 is live again'),
    });
  });

  it('takes back what it did, by the name of the version, as often as that is asked', async () => {
    const boxes = await newBoxes(2);
    const [first] = boxes;
    const old = { boxes: [{ box: 'b1', request: { app: 'shop', version: '1' } }] };
    await ran(boxes, rolloutOf(boxes, old));
    const { rollout } = await ran(boxes, rolloutOf(boxes));
    const back = reverted(rollout);
    expect(back.noWayBack).toEqual(['b2']);
    const revert = () => ran(boxes, rolloutOf(boxes, { action: 'rollback', boxes: back.boxes }));
    expect((await revert()).outcomes).toEqual(['done']);
    expect((await revert()).outcomes).toEqual(['no_change']);
    expect(first && liveVersion(first)).toBe('1');
  });

  it('takes back to the release before, from whichever channel that came', async () => {
    const boxes = await newBoxes(1);
    const [box] = boxes;
    if (box === undefined) throw new Error('there is no box');
    await uploadApp(box, '1', { 'file.txt': 'of stable' }, { channel: 'stable' });
    const live = () => fs.readFileSync(path.join(box.root, 'shop/live/file.txt'), 'utf8');
    const to = (request: Partial<DeploymentRequest>) => ({
      boxes: [{ box: 'b1', request: { app: 'shop', ...request } }],
    });
    await ran(boxes, rolloutOf(boxes, to({ version: '1' })));
    await ran(boxes, rolloutOf(boxes, to({ version: '1', channel: 'stable' })));
    expect(live()).toBe('of stable');
    const { rollout } = await ran(boxes, rolloutOf(boxes, to({ version: '2' })));
    expect(rollout.boxes[0]).toMatchObject({ previous: '1', previousChannel: 'stable' });
    const back = reverted(rollout).boxes;
    expect(back[0]?.request).toMatchObject({ version: '1', channel: 'stable', rollback: true });
    const revert = () => ran(boxes, rolloutOf(boxes, { action: 'rollback', boxes: back }));
    expect((await revert()).outcomes).toEqual(['done']);
    expect(live()).toBe('of stable');
    expect((await revert()).outcomes).toEqual(['no_change']);
  });

  it('does again what did not end well', async () => {
    const boxes = await newBoxes(3);
    boxes[1]?.is('fails');
    const { rollout } = await ran(boxes, rolloutOf(boxes));
    expect(rollout.boxes.map((one) => one.outcome)).toEqual(['done', 'failed', 'not_started']);
    fs.rmSync(path.join(boxes[1]?.root ?? '', 'fails'));
    const again = await ran(boxes, rolloutOf(boxes, { boxes: retried(rollout) }));
    expect(again.rollout.boxes.map((one) => `${one.box} ${one.outcome}`)).toEqual(['b2 done', 'b3 done']);
    expect(await deploymentsOf(boxes)).toEqual([1, 2, 1]);
  });

  it('cancels what runs when it is to stop, waits for it and begins no other', async () => {
    const boxes = await newBoxes(3);
    const [first] = boxes;
    first?.is('waits');
    const stop = new AbortController();
    const running = ran(boxes, rolloutOf(boxes), { signal: stop.signal });
    await fileThere(path.join(first?.root ?? '', 'waiting'));
    stop.abort();
    const { rollout } = await running;
    expect(rollout.boxes.map((one) => one.outcome)).toEqual(['cancelled', 'not_started', 'not_started']);
    expect(rollout.boxes[0]?.reason).toContain('ann cancelled it');
    expect(await deploymentsOf(boxes)).toEqual([1, 0, 0]);
  });

  it('leaves what runs when nobody waits any longer, and takes it up again', async () => {
    const boxes = await newBoxes(2);
    const [first] = boxes;
    first?.is('waits');
    const leave = new AbortController();
    const running = ran(boxes, rolloutOf(boxes), { leave: leave.signal });
    await fileThere(path.join(first?.root ?? '', 'waiting'));
    leave.abort();
    const { rollout, events, kept } = await running;
    expect(rollout.boxes[0]).toMatchObject({ outcome: null, deployment: expect.any(String) });
    expect(events).toContainEqual({
      ...{ type: 'left', box: 'b1', deployment: rollout.boxes[0]?.deployment, outOf: [] },
    });
    first?.isNot('waits');
    const resumed = await ran(boxes, kept.at(-1) ?? rollout);
    expect(resumed.outcomes).toEqual(['done', 'done']);
    expect(await deploymentsOf(boxes)).toEqual([1, 1]);
  });

  it('tells what an agent refuses, and which could not be asked', async () => {
    const boxes = await newBoxes(2);
    const missing = { boxes: [{ box: 'b1', request: { app: 'shop', plan: 'sha256:0', version: '2' } }] };
    const refused = await ran(boxes, rolloutOf(boxes, missing));
    expect(refused.rollout.boxes[0]).toMatchObject({ outcome: 'refused', deployment: null });
    const gone = () => Promise.reject(new RemoteError('b1', 'unreachable', 'nothing listens there'));
    const agent = { ...inProcess('b1', boxes[0]?.agent as Agent), deploy: gone } as RemoteAgent;
    const unreachable = await ran(boxes, rolloutOf(boxes.slice(0, 1)), { agents: new Map([['b1', agent]]) });
    expect(unreachable.rollout.boxes[0]).toMatchObject({
      outcome: 'unreachable',
      reason: 'nothing listens there',
    });
  });

  it('begins nothing where its record cannot be kept', async () => {
    const boxes = await newBoxes(2);
    const full = () => Promise.reject(new Error('no space left'));
    await expect(ran(boxes, rolloutOf(boxes), { keep: full })).rejects.toThrow(
      'cannot be kept: no space left',
    );
    let saves = 0;
    const later = () => (++saves > 3 ? full() : Promise.resolve());
    const { outcomes, events } = await ran(boxes, rolloutOf(boxes), { keep: later });
    expect(outcomes).toEqual(['done', 'not_started']);
    expect(events).toContainEqual({
      type: 'stopped',
      reason: 'record',
      message: expect.stringContaining('no space left'),
    });
    expect(await deploymentsOf(boxes)).toEqual([1, 0]);
  });

  it('stops in time, deploys to no box twice and leaves the others alone', async () => {
    const plans = fc.record({
      fails: fc.array(fc.constantFrom('well', 'fails', 'breaks'), { minLength: 1, maxLength: 5 }),
      batch: fc.integer({ min: 1, max: 3 }),
      maxFailures: fc.integer({ min: 0, max: 2 }),
      canary: fc.integer({ min: 0, max: 2 }),
      brokenOffAt: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(plans, async ({ fails, batch, maxFailures, canary, brokenOffAt }) => {
        const boxes = await newBoxes(fails.length);
        for (const [at, how] of fails.entries()) if (how !== 'well') boxes[at]?.is(how as 'fails');
        const first = await ran(boxes, rolloutOf(boxes, { batch, maxFailures, canary }));
        const check = async ({ rollout, outcomes }: Ran) => {
          expect(outcomes).not.toContain(null);
          const failures = rollout.boxes.filter((one) => !['done', 'not_started'].includes(`${one.outcome}`));
          expect(failures.length).toBeLessThanOrEqual(maxFailures + batch);
          const counts = await deploymentsOf(boxes);
          const begun = new Map(rollout.boxes.map((one) => [one.box, one.outcome === 'not_started' ? 0 : 1]));
          expect(counts).toEqual(boxes.map(({ name }) => begun.get(name)));
          if (failures.length <= maxFailures && !failures.some((one) => one.isCanary)) {
            expect(outcomes).not.toContain('not_started');
          }
        };
        await check(first);
        // However early the first was broken off, the next ends as it did.
        const record = first.kept[brokenOffAt % first.kept.length];
        const resumed = await ran(boxes, record as Rollout);
        await check(resumed);
        expect(resumed.outcomes).toEqual(first.outcomes);
      }),
      { numRuns: Number(process.env.STRATA_ROLLOUTS ?? 12) },
    );
  }, 3_000_000);
});

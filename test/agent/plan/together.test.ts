import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../agent/plan/digest.ts';
import { makePlan } from '../../../agent/plan/plan.ts';
import { turnsOf } from '../../../agent/plan/turns.ts';
import { publish, testBox } from '../support/planBox.ts';

const { signal } = new AbortController();
const central = '\n//- /common.yaml\ncommon: {db: db1}\n';
const files = (title: string) => `\n//- /deploy/configuration/shop-default.yaml\nshop: {title: ${title}}\n`;

describe('a plan whose central config is taken away while it is made', () => {
  /** A box whose central config goes away so often while a plan looks at it, behind the plan's back. */
  async function boxThatCollects(times: number) {
    const made = { looked: 0 };
    const box = testBox({
      async busy() {
        const folder = path.join(box.root, 'configs/versions/1');
        if (made.looked++ < times) fs.renameSync(folder, `${folder}.gone${made.looked}`);
        return undefined;
      },
    });
    await publish(box.repository, { app: 'configs', version: '1', files: central });
    await publish(box.repository, { app: 'shop', version: '2', files: files('Two') });
    await box.deploy('shop', '1', files('One'));
    return { box, made };
  }

  it('is made anew by itself', async () => {
    const still = await boxThatCollects(0);
    const wanted = await makePlan(still.box, { app: 'shop' }, signal);
    expect(wanted.config.map(({ setting }) => setting)).toEqual(['shop.title']);
    const { box, made } = await boxThatCollects(1);
    const plan = await makePlan(box, { app: 'shop' }, signal);
    expect(plan).toEqual({ ...wanted, digest: plan.digest });
    expect(made.looked).toBe(2);
    await checkPlan(box, { app: 'shop', plan: plan.digest }, signal);
    expect(fs.readdirSync(box.temporary)).toEqual([]);
  });
});

describe('turns', () => {
  it('are taken by so many at once, in order, and given back by those that fail or leave', async () => {
    const turns = turnsOf(2);
    const order: string[] = [];
    const open = new Map<string, (how: 'well' | 'badly') => void>();
    const begin = (name: string, stop = signal) =>
      turns(async () => {
        order.push(name);
        const how = await new Promise((resolve) => open.set(name, resolve));
        if (how === 'badly') throw new Error(name);
        return name;
      }, stop);
    const leave = new AbortController();
    const all = [begin('a'), begin('b'), begin('c', leave.signal), begin('d'), begin('e')];
    const ended = Promise.allSettled(all);
    await expect.poll(() => order).toEqual(['a', 'b']);
    leave.abort();
    await expect(all[2]).rejects.toMatchObject({ code: 'cancelled' });
    open.get('b')?.('badly');
    await expect(all[1]).rejects.toThrow('b');
    await expect.poll(() => order).toEqual(['a', 'b', 'd']);
    open.get('a')?.('well');
    await expect.poll(() => order).toEqual(['a', 'b', 'd', 'e']);
    for (const name of ['d', 'e']) open.get(name)?.('well');
    expect((await ended).map(({ status }) => status)).toEqual([
      ...['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
    ]);
    expect(await Promise.all([turns(async () => 1, signal), turns(async () => 2, signal)])).toEqual([1, 2]);
    await expect(turns(async () => 3, leave.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

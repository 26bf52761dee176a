import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentError } from '../../../agent/failure.ts';
import { openPlanner } from '../../../agent/plan/planner.ts';
import {
  deploy,
  ended,
  liveVersion,
  me,
  newBox,
  type TestBox,
  uploadApp,
  withAgent,
} from '../support/box.ts';

const { signal } = new AbortController();

const files = (title: string) => ({
  'deploy/configuration/shop-default.yaml': `shop: {title: ${title}, password: geheim}\n`,
  'deploy/hooks/prepare': 'cat "$STRATA_CONFIG"; exit 0\n',
});

async function planned(box: TestBox) {
  const state = path.join(box.root, '.strata-agent');
  const central = { kind: 'artifact', app: 'configs', channel: 'master' } as const;
  const settings = { environment: 'qa', central };
  return openPlanner({ root: box.root, repository: box.repository, state, settings });
}

const error = (work: Promise<unknown>): Promise<AgentError> =>
  work.then(
    () => Promise.reject(new Error('it worked')),
    (reason) => reason,
  );

describe('an agent with plans', () => {
  it('does what its plan said, and refuses a plan that is no longer true', async () => {
    const box = newBox();
    await uploadApp(box, '1', { 'common.yaml': 'common: {db: db1}\n' }, { app: 'configs' });
    await uploadApp(box, '1', files('One'));
    const planner = await planned(box);
    await withAgent(box, planner, async (agent) => {
      expect((await error(agent.config('shop'))).code).toBe('missing');
      const first = await agent.plan({ app: 'shop' }, signal);
      expect(first).toMatchObject({ from: null, to: '1', hooks: ['prepare'], obstacles: [] });
      expect(fs.existsSync(path.join(box.root, 'shop'))).toBe(false);
      expect(await deploy(agent, { plan: first.digest })).toMatchObject({ result: 'done' });
      const settings = await agent.config('shop');
      expect(settings).toMatchObject({
        common: { db: 'db1' },
        shop: { title: 'One', password: expect.stringMatching(/^sha256:/) },
      });

      await uploadApp(box, '2', files('Two'));
      const second = await agent.plan({ app: 'shop' }, signal);
      expect(second.config).toEqual([
        {
          setting: 'shop.title',
          ...{ old: '"One"', new: '"Two"', layer: 'deploy/configuration/shop-default.yaml:1:8' },
        },
      ]);
      await uploadApp(box, '2', { 'common.yaml': 'common: {db: db2}\n' }, { app: 'configs' });
      expect((await error(planner.check({ app: 'shop', plan: second.digest }, signal))).code).toBe('moved');
      expect((await error(deploy(agent, { plan: second.digest }))).code).toBe('moved');
      expect(liveVersion(box)).toBe('1');
      const third = await agent.plan({ app: 'shop' }, signal);
      await planner.check({ app: 'shop', plan: third.digest }, signal);
      expect(await deploy(agent, { plan: third.digest })).toMatchObject({ result: 'done', version: '2' });
      expect(fs.readlinkSync(path.join(box.root, 'configs/live'))).toBe('versions/2');
      // The configuration of a release goes back with it.
      const back = await agent.plan({ app: 'shop', rollback: true }, signal);
      expect(back.config.map((one) => [one.setting, one.new])).toEqual([
        ['common.db', '"db1"'],
        ['shop.title', '"One"'],
      ]);
      expect(await deploy(agent, { rollback: true })).toMatchObject({ result: 'done', version: '1' });
      expect(await agent.config('shop')).toEqual(settings);
      expect(await agent.plan({ app: 'shop', version: '1' }, signal)).toMatchObject({ isNoOp: true });
      expect(fs.readdirSync(path.join(box.root, '.strata-agent/plans'))).toEqual([]);
    });
  });

  it('lets no deployment run whose plan another one overtook while it waited', async () => {
    const box = newBox();
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1', files('One'));
    await uploadApp(box, '2', files('Two'));
    await withAgent(box, await planned(box), async (agent) => {
      const { digest: plan } = await agent.plan({ app: 'shop', version: '2' }, signal);
      const first = await agent.deploy({ app: 'shop', version: '1' }, me, undefined);
      const second = await agent.deploy({ app: 'shop', version: '2', plan, busy: 'wait' }, me, undefined);
      expect(await ended(agent, first.id)).toMatchObject({ result: 'done' });
      expect(await ended(agent, second.id)).toMatchObject({
        result: 'failed',
        reason: expect.stringContaining('shop is no longer as the plan found it'),
      });
      expect(liveVersion(box)).toBe('1');
    });
  });

  it('takes a release with a broken configuration no further', async () => {
    const box = newBox();
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1', files('!missing'));
    await withAgent(box, await planned(box), async (agent) => {
      const { result, reason } = await deploy(agent);
      expect(result).toBe('failed');
      expect(reason).toContain('deploy/configuration/shop-default.yaml:1:15: missing-value: shop.title');
      expect(liveVersion(box)).toBeUndefined();
    });
  });

  it.each(['../shop', '.strata-agent', 'a/b', ''])('refuses the name %j', async (app) => {
    const planner = await planned(newBox());
    expect((await error(planner.plan({ app }, signal))).code).toBe('invalid');
    expect((await error(planner.config(app))).code).toBe('invalid');
    expect((await error(planner.plan({ app: 'shop', configs: app }, signal))).code).toBe('invalid');
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { hasEnded } from '../../../artifact/store/owner.ts';
import { newFolder } from '../../support/repository.ts';
import { outcome, startChild } from '../support/agentProcess.ts';
import {
  deploy,
  ended,
  eventsUntil,
  fileThere,
  liveVersion,
  me,
  newBox,
  story,
  type TestBox,
  uploadApp,
  withAgent,
} from '../support/box.ts';

/** An agent that was killed while a hook of version 2 waits at a gate; version 1 is live. */
async function killedDuring(hook: 'prepare' | 'deployed', end = 'exit 0') {
  const box = newBox();
  const gate = path.join(newFolder(), 'gate');
  await uploadApp(box, '1');
  const text = `seq 1 3000; mkfifo ${gate}; read -r line <${gate}; seq 3001 6000; echo end >&2; ${end}`;
  await uploadApp(box, '2', { [`deploy/hooks/${hook}`]: text });
  await withAgent(box, {}, (agent) => deploy(agent, { version: '1' }));
  const child = startChild(box, { request: { app: 'shop', version: '2' } });
  await fileThere(gate);
  child.kill('SIGKILL');
  expect((await outcome(child)).isKilled).toBe(true);
  return { box, open: () => fs.writeFileSync(gate, 'go\n') };
}

/** The numbers that a hook told, and whether each came once and in its order. */
function isWhole(told: string[]): boolean {
  const numbers = told.flatMap((one) => / stdout: (\d+)$/.exec(one)?.[1] ?? []);
  return numbers.length === 6000 && numbers.every((one, at) => Number(one) === at + 1);
}

async function hookGone(box: TestBox, hook: string): Promise<void> {
  const hooks = path.join(box.root, '.strata-agent/hooks');
  const [id = ''] = fs.readdirSync(hooks);
  const owner = JSON.parse(fs.readFileSync(path.join(hooks, id, `${hook}.json`), 'utf8'));
  while (!hasEnded(owner)) await setImmediate();
}

describe('a hook that outlives its agent', () => {
  it.each(['prepare', 'deployed'] as const)(
    'keeps the app locked until %s is gone, and nobody knows',
    async (hook) => {
      const { box, open } = await killedDuring(hook);
      await withAgent(box, {}, async (agent) => {
        const [first] = await agent.deployments({ app: 'shop' });
        const id = first?.id ?? '';
        await eventsUntil(agent, id, (one) => one.type === 'log' && one.text.includes('outlived the agent'));
        await expect(agent.deploy({ app: 'shop', version: '1' }, me, undefined)).rejects.toMatchObject({
          code: 'busy',
          details: { owner: { deployment: id, what: expect.stringContaining('outlived the agent') } },
        });
        open();
        expect(await ended(agent, id)).toMatchObject({
          result: 'unknown',
          reason: `the hook ${hook} outlived the agent, and it ended with exit code 0`,
        });
        expect(isWhole(await story(agent, id))).toBe(true);
        expect(liveVersion(box)).toBe(hook === 'prepare' ? '1' : '2');
        expect(await deploy(agent, { version: '1', force: true })).toMatchObject({ result: 'done' });
      });
    },
  );

  it('is waited for by the life behind the next one, too', async () => {
    const { box, open } = await killedDuring('deployed');
    for (const _ of [1, 2]) {
      await withAgent(box, {}, async (agent) => expect((await agent.deployments({}))[0]?.result).toBe(null));
    }
    open();
    await withAgent(box, {}, async (agent) => {
      const [first] = await agent.deployments({});
      expect(await ended(agent, first?.id ?? '')).toMatchObject({
        result: expect.stringMatching(/unknown|done/),
      });
      expect(isWhole(await story(agent, first?.id ?? ''))).toBe(true);
    });
  });

  it.each([
    ['exit 0', 'done', '2'],
    ['exit 5', 'rolled_back', '1'],
    ['kill -9 $PPID', 'unknown', '2'],
  ])('and has ended (%s) when the next life begins, is known by its end: %s', async (end, result, live) => {
    const { box, open } = await killedDuring('deployed', end);
    open();
    await hookGone(box, 'deployed');
    await withAgent(box, {}, async (agent) => {
      const [first] = await agent.deployments({});
      expect(await ended(agent, first?.id ?? '')).toMatchObject({ result });
      expect(isWhole(await story(agent, first?.id ?? ''))).toBe(true);
      expect(liveVersion(box)).toBe(live);
    });
  });
});

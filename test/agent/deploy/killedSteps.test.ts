import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentRequest } from '../../../protocol/deployment.ts';
import { outcome, startChild } from '../support/agentProcess.ts';
import {
  copyOf,
  deploy,
  ended,
  type Files,
  liveVersion,
  newBox,
  type TestBox,
  uploadApp,
  withAgent,
} from '../support/box.ts';
import { daemonStep, etcFiles, runningOf } from '../support/etcStep.ts';
import { checkInvariant, lastVersion } from '../support/invariant.ts';

/** The files that each version has on the box: one changes, one comes, one goes. */
const files: Record<string, Record<string, string>> = {
  '1': { both: 'both of 1\n', old: 'old\n' },
  '2': { both: 'both of 2\n', young: 'young\n' },
  [lastVersion]: { both: 'both of the last\n' },
};

const scenarios: {
  name: string;
  before: string[];
  request: Partial<DeploymentRequest>;
  hook: Files;
  ends: string[];
}[] = [
  { name: 'the first deployment', before: [], request: { version: '2' }, hook: {}, ends: ['done'] },
  { name: 'a deployment', before: ['1'], request: { version: '2' }, hook: {}, ends: ['done'] },
  {
    name: 'one that is rolled back',
    before: ['1'],
    request: { version: '2' },
    hook: { 'deploy/hooks/deployed': 'exit 3' },
    ends: ['rolled_back'],
  },
  { name: 'a rollback', before: ['1', '2'], request: { rollback: true }, hook: {}, ends: ['done'] },
];

async function preparedBox(before: string[], hook: Files): Promise<TestBox> {
  const box = newBox();
  for (const [version, etc] of Object.entries(files)) {
    const named = Object.entries(etc).map(([name, text]) => [`deploy/etc/${name}`, text]);
    await uploadApp(box, version, { ...Object.fromEntries(named), ...(version === '2' ? hook : {}) });
  }
  await withAgent(box, { steps: [daemonStep(box)] }, async (agent) => {
    for (const version of before) await deploy(agent, { version });
  });
  return box;
}

/** A box like another one, which knows its own files as those that its app put there. */
function boxLike(template: TestBox): TestBox {
  const box = copyOf(template);
  const list = path.join(box.root, '.strata-agent/owned/shop/daemon.json');
  if (!fs.existsSync(list)) return box;
  fs.writeFileSync(list, fs.readFileSync(list, 'utf8').replaceAll(template.root, box.root));
  return box;
}

/** Whatever happened, the box is wholly on one side: the release, its files, and what runs by them. @returns how it ended. */
async function checkSides(box: TestBox, before: string | undefined): Promise<string> {
  return await withAgent(box, { steps: [daemonStep(box)] }, async (agent) => {
    const [newest] = await agent.deployments({});
    const result = newest === undefined ? 'none' : (await ended(agent, newest.id)).result;
    const live = liveVersion(box);
    // Where nobody knows how a hook ended, either side will do.
    if (result !== 'unknown') expect(live, `${result}`).toBe(result === 'done' ? newest?.version : before);
    const wanted = files[live ?? ''] ?? {};
    expect(etcFiles(box)).toEqual(wanted);
    expect(runningOf(box)).toBe(Object.values(wanted).join(''));
    await checkInvariant(agent, box);
    return `${result}`;
  });
}

/** How many kills at random moments; with a number here every event is tried on both of its sides, too. */
const many = Number(process.env.STRATA_KILLS) || 0;

// One that ends well leaves its code to the others.
beforeAll(async () => void (await outcome(startChild(newBox(), {}))));

const bothSides = ['before', 'after'] as const;

describe.concurrent('an agent that is killed in a step', () => {
  it.each(scenarios)(
    'at every event of $name leaves a box that is wholly on one side',
    async ({ before, request, hook, ends }) => {
      const template = await preparedBox(before, hook);
      const results = new Set<string>();
      for (let kill = 1, isKilled = true; isKilled; kill++) {
        for (const side of many > 0 ? bothSides : bothSides.slice(kill % 2).slice(0, 1)) {
          const box = boxLike(template);
          const task = { request: { app: 'shop', ...request }, kill, side, hasDaemon: true };
          ({ isKilled } = await outcome(startChild(box, task)));
          results.add(await checkSides(box, before.at(-1)));
        }
      }
      expect([...results]).toEqual(expect.arrayContaining(['failed', ...ends]));
    },
    3_000_000,
  );

  it('at random moments, and once more while it takes up what it left, as well', async () => {
    const template = await preparedBox(['1'], {});
    for (let round = 0; round < (many || 10); round++) {
      const box = boxLike(template);
      for (const request of [{ app: 'shop', version: '2' }, null]) {
        const child = startChild(box, { request, hasDaemon: true });
        const timer = setTimeout(() => child.kill('SIGKILL'), Math.random() * 900);
        await outcome(child);
        clearTimeout(timer);
      }
      await checkSides(box, '1');
    }
  }, 3_000_000);
});

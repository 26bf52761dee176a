import { beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentRequest } from '../../../protocol/deployment.ts';
import { outcome, startChild } from '../support/agentProcess.ts';
import { copyOf, deploy, type Files, newBox, type TestBox, uploadApp, withAgent } from '../support/box.ts';
import { checkInvariant, lastVersion } from '../support/invariant.ts';

const said: Files = {
  'deploy/hooks/prepare': 'echo prepare of $STRATA_VERSION; echo more >&2; echo made >made.txt',
  'deploy/hooks/deployed': 'echo $STRATA_HOOK of $STRATA_VERSION; cat made.txt',
};
const failing: Files = { ...said, 'deploy/hooks/deployed': 'echo no $STRATA_VERSION; exit 3' };

/** What is done by the agent that is killed, after what versions were deployed; and how that may end, at least. */
const scenarios: {
  name: string;
  before: string[];
  request: Partial<DeploymentRequest>;
  files: Files;
  results: string[];
}[] = [
  {
    name: 'the first deployment',
    before: [],
    request: { version: '2' },
    files: said,
    results: ['failed', 'done'],
  },
  {
    name: 'a deployment',
    before: ['1'],
    request: { version: '2' },
    files: said,
    results: ['failed', 'done'],
  },
  {
    name: 'one that is rolled back',
    before: ['1'],
    request: { version: '2' },
    files: failing,
    results: ['failed', 'rolled_back'],
  },
  {
    name: 'the first one, rolled back',
    before: [],
    request: { version: '2' },
    files: failing,
    results: ['failed', 'rolled_back'],
  },
  {
    name: 'a rollback',
    before: ['1', '2'],
    request: { rollback: true },
    files: said,
    results: ['failed', 'done'],
  },
  {
    name: 'one by force',
    before: ['1'],
    request: { version: '1', force: true },
    files: said,
    results: ['failed', 'done'],
  },
];

async function preparedBox(before: string[], files: Files): Promise<TestBox> {
  const box = newBox();
  for (const version of ['1', '2', lastVersion])
    await uploadApp(box, version, version === '2' ? files : said);
  await withAgent(box, {}, async (agent) => {
    for (const version of before) await deploy(agent, { version });
  });
  return box;
}

const bothSides = ['before', 'after'] as const;

/** How many kills at random moments; with a number here every event is tried on both of its sides, too. */
const many = Number(process.env.STRATA_KILLS) || 0;

// One that ends well leaves its code to the others.
beforeAll(async () => void (await outcome(startChild(newBox(), {}))));

describe.concurrent('an agent that is killed', () => {
  it.each(scenarios)(
    'at every event of $name leaves a box that goes on',
    async (scenario) => {
      const template = await preparedBox(scenario.before, scenario.files);
      const request = { app: 'shop', ...scenario.request };
      const results = new Set<string>();
      let kill = 1;
      for (let isKilled = true; isKilled; kill++) {
        const sides = many > 0 ? bothSides : bothSides.slice(kill % 2).slice(0, 1);
        for (const side of sides) {
          const box = copyOf(template);
          ({ isKilled } = await outcome(startChild(box, { request, kill, side })));
          const [newest] = await withAgent(box, {}, (agent) => checkInvariant(agent, box));
          results.add(`${newest}`);
        }
      }
      expect(kill).toBeGreaterThan(8);
      expect([...results]).toEqual(expect.arrayContaining(scenario.results));
    },
    3_000_000,
  );

  it('at random moments, and once more while it takes up what it left, leaves a box that goes on', async () => {
    const template = await preparedBox(['1'], said);
    const request = { app: 'shop', version: '2' };
    for (let round = 0; round < (many || 10); round++) {
      const box = copyOf(template);
      for (const task of [{ request }, {}]) {
        const child = startChild(box, task);
        const timer = setTimeout(() => child.kill('SIGKILL'), Math.random() * 900);
        await outcome(child);
        clearTimeout(timer);
      }
      await withAgent(box, {}, (agent) => checkInvariant(agent, box));
    }
  }, 3_000_000);
});

import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { HealthGate } from '../../../agent/deploy/health/gate.ts';
import type { Step } from '../../../agent/deploy/step.ts';
import { AgentError } from '../../../agent/failure.ts';
import { deploy, liveVersion, newBox, uploadApp, withAgent } from '../support/box.ts';

const gate = (command: string, deadlineMs: number): HealthGate => ({
  check: { kind: 'command', command: ['/bin/sh', '-c', command] },
  intervalMs: 10,
  deadlineMs,
});

/** A step that watches something once its release is live. */
function watching(watched: Step['watched']): Step {
  return {
    name: 'watching',
    plan: async () => ({}),
    deployed: async () => undefined,
    ...(watched && { watched }),
  };
}

/** Deploys a version over another one. */
async function deployed(watched: NonNullable<Step['watched']>, health: HealthGate) {
  const box = newBox();
  for (const version of ['1', '2']) await uploadApp(box, version);
  await withAgent(box, {}, (agent) => deploy(agent, { version: '1' }));
  const options = { steps: [watching(watched)], app: { health } };
  const { result, reason } = await withAgent(box, options, (agent) => deploy(agent, { version: '2' }));
  return { result, reason, live: liveVersion(box) };
}

it('what a step watches fails the deployment at once, however long its health may take', async () => {
  const ended = async () => {
    throw new AgentError('failed', 'the daemon has ended');
  };
  expect(await deployed(ended, gate('exit 1', 3_600_000))).toEqual({
    result: 'rolled_back',
    reason: 'the daemon has ended; 1 is live again',
    live: '1',
  });
});

it('a release that is not healthy ends what a step watches', async () => {
  const forEver: NonNullable<Step['watched']> = async ({ signal }) => {
    if (!signal.aborted) await once(signal, 'abort');
  };
  expect(await deployed(forEver, gate('exit 1', 50))).toEqual({
    result: 'rolled_back',
    reason: expect.stringMatching(/^it is not healthy after 0.05 s: /),
    live: '1',
  });
});

it('both have to be content', async () => {
  let looked = 0;
  const content = async () => {
    looked++;
  };
  expect(await deployed(content, gate('exit 0', 1000))).toMatchObject({ result: 'done', live: '2' });
  expect(looked).toBe(1);
});

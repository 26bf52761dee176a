import { expect, it } from 'vitest';
import type { Step } from '../../../agent/deploy/step.ts';
import { deploy, eventsUntil, uploadApp } from '../support/box.ts';
import { realDoor } from '../support/realDoor.ts';

it('what health checks and steps say has no secrets in it, also where an app has no hooks', async () => {
  const telling: Step = {
    name: 'telling',
    applies: () => true,
    plan: async () => ({}),
    prepare: async ({ log, config }) => log(`prepared with ${JSON.stringify(config)}`),
  };
  const command: [string, ...string[]] = ['/bin/sh', '-c', 'echo "it says geheim"; exit 0'];
  const health = { check: { kind: 'command', command } } as const;
  const box = await realDoor({ steps: [telling], app: { health } });
  await uploadApp(box, '1', {}, { app: 'configs' });
  const layer = 'shop: {password: geheim}\n';
  await uploadApp(box, '1', { 'deploy/configuration/shop-default.yaml': layer });
  const { agent } = box.door;
  const { id, result } = await deploy(agent);
  expect(result).toBe('done');
  const events = JSON.stringify(await eventsUntil(agent, id, ({ type }) => type === 'end'));
  expect(events).toContain('prepared with');
  expect(events).toContain('***');
  expect(events).not.toContain('geheim');
});

import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInSteps } from '../../../agent/steps/builtIn.ts';
import type { DeploymentRequest } from '../../../protocol/deployment.ts';
import { deploy, type Files, newBox, uploadApp } from '../support/box.ts';
import { realDoor } from '../support/realDoor.ts';

/** A manage.py that can run nothing: what a plan tells, it tells by the files. */
const files = (steps: string, migrations: readonly string[]): Files => ({
  'manage.py': 'raise SystemExit("nobody runs me")\n',
  'deploy/steps.yaml': `django: ${steps}\n`,
  'counter/migrations/__init__.py': '',
  ...Object.fromEntries(migrations.map((name) => [`counter/migrations/${name}.py`, ''])),
});

// With Django itself it is tested in boxes: test/boxes/django.test.ts.
describe('the plan of a Django app', () => {
  it('tells migrations by the files, and runs nothing of the app', async () => {
    const { repository } = newBox();
    const box = await realDoor({ steps: builtInSteps(repository, { system: false, build: false }) });
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1', files('false', ['0001_initial']));
    await uploadApp(box, '2', files('{migrate: true}', ['0001_initial', '0002_more', '_not_one']));
    await uploadApp(box, '3', files('true', ['0003_other']));
    const { agent } = box.door;
    const plan = (request: Partial<DeploymentRequest>) =>
      agent.plan({ app: 'shop', ...request }, new AbortController().signal);
    expect(await plan({ version: '2' })).toMatchObject({
      migrations: ['counter.0001_initial', 'counter.0002_more', 'those of packages, if any are pending'],
      obstacles: [],
    });
    expect(await deploy(agent, { version: '1' })).toMatchObject({ result: 'done' });
    expect(await plan({ version: '2' })).toMatchObject({ migrations: ['counter.0002_more'], obstacles: [] });
    expect(await plan({ version: '3' })).toMatchObject({
      migrations: [],
      notes: [
        'django: the migration counter.0001_initial is not in this version; what it did is not undone',
        'django: the migration counter.0003_other is new, and not run (option migrate)',
      ],
    });
    expect(await deploy(agent, { version: '2' })).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(/^manage\.py shell failed: /),
    });
    expect(fs.readdirSync(`${box.root}/shop/versions`)).not.toContain('2');
  });
});

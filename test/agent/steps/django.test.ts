import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInSteps } from '../../../agent/steps/builtIn.ts';
import { labelIn } from '../../../agent/steps/django/appLabels.ts';
import { migrationChange, toldMigrations } from '../../../agent/steps/django/migrations.ts';
import type { DeploymentRequest } from '../../../protocol/deployment.ts';
import { newFolder } from '../../support/repository.ts';
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

describe('the label of an app', () => {
  const config = (name: string, more = '') =>
    `class ${name}(AppConfig):\n    """How it is called."""\n    name = 'shop.counter'\n${more}`;
  const one = config('One', "    label = 'one'  # said\n");
  it.each([
    ['none is said', config('One'), undefined],
    ['one is said', `from django.apps import AppConfig\n${one}`, 'one'],
    ['with a type', config('One', '    label: str = "one"\n'), 'one'],
    ['by tabs and CRLF', "class One(apps.AppConfig):\r\n\tname = 'a'\r\n\tlabel = 'one'\r\n", 'one'],
    ['only in a method', config('One', "    def ready(self):\n        label = 'two'\n"), undefined],
    ['behind the class', `${config('One')}label = 'two'\n`, undefined],
    ['beside another class', `class Helper:\n    label = 'two'\n${one}`, 'one'],
    ['of two, none the default', `${one}\n${config('Two', "    label = 'two'\n")}`, undefined],
    ['of two, one the default', `${one}\n${config('Two', "    label = 'two'\n    default = True\n")}`, 'two'],
    ['of two, one no default', `${one}\n${config('Two', "    label = 'two'\n    default = False\n")}`, 'one'],
    ['computed', config('One', '    label = NAME\n'), undefined],
    ['in no Python', 'class :(\n', undefined],
    ['nowhere', '', undefined],
  ])('%s', (_, text, label) => {
    expect(labelIn(text)).toBe(label);
  });
});

/** A folder of a release with these files. */
function release(all: Files): string {
  const folder = newFolder();
  for (const [name, text] of Object.entries(all)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

describe('migrations of several databases', () => {
  const labelled = {
    'counter/apps.py':
      "from django.apps import AppConfig\nclass C(AppConfig):\n    name = 'counter'\n    label = 'hits'\n",
  };
  const told = async (options: object, now: string, previous?: string) =>
    toldMigrations(
      await migrationChange({ release: now, previous, options: options as Record<string, string[]> }),
    );

  it('are told for each, and all of them for one that is new', async () => {
    const before = release({ ...files('true', ['0001_initial']), ...labelled });
    const now = release({ ...files('true', ['0001_initial', '0002_more']), ...labelled });
    const both = { databases: ['default', 'archive'] };
    expect(await told({}, now, before)).toEqual(['hits.0002_more']);
    expect(await told(both, now, before)).toEqual([
      ...['hits.0002_more', 'hits.0001_initial (archive)', 'hits.0002_more (archive)'],
      'those of packages (archive), if any are pending',
    ]);
    expect(await told({ databases: ['archive'] }, now)).toEqual([
      ...['hits.0001_initial (archive)', 'hits.0002_more (archive)'],
      'those of packages (archive), if any are pending',
    ]);
    const named = release({
      ...files('{databases: [default, archive]}', ['0001_initial']),
      ...labelled,
    });
    expect(await told(both, now, named)).toEqual(['hits.0002_more', 'hits.0002_more (archive)']);
    // What was said there cannot be read.
    fs.writeFileSync(path.join(named, 'deploy/steps.yaml'), 'django: [');
    expect(await told(both, now, named)).toContain('hits.0001_initial (archive)');
  });
});

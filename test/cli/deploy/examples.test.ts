import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Fleet, startFleet } from '../../agent/support/fleet.ts';
import { strata } from '../../support/cli.ts';
import { exampleShop } from '../../support/exampleShop.ts';
import { buildJson, commitAll } from '../../support/gitWorkspace.ts';
import { newFolder } from '../../support/repository.ts';
import { hasPython, localWheels } from '../../support/wheels.ts';

// Without venv there is no virtualenv: install python3-venv to have storefront deployed, too.
const apps = ['api', 'landing', ...(hasPython ? ['storefront'] : [])];
const wheels = hasPython
  ? localWheels('Django==5.2.1', 'gunicorn==23.0.0', 'psycopg==3.2.1', 'redis==5.0.0')
  : {};

/** The example's workspace with two boxes in production/us, and a key that they trust. */
async function exampleFleet(): Promise<{ fleet: Fleet; build(version: string): Promise<void> }> {
  const workspace = exampleShop();
  // The packages of these tests have nothing in them; boxes try what Django itself does.
  fs.appendFileSync(path.join(workspace, 'apps/storefront/deploy/steps.yaml'), 'django: false\n');
  const store = newFolder();
  const home = newFolder();
  const made = await strata(['keys', 'new', 'ci'], { cwd: workspace, env: { XDG_CONFIG_HOME: home } });
  const [key = ''] = /ed25519:\S+/.exec(made.stdout) ?? [];
  const fleet = await startFleet(2, {
    ...{ workspace, store, environment: 'production', cluster: 'us' },
    trust: `trust: {keys: [{name: ci, key: "${key}"}]}`,
    config: `configs: {folder: "${workspace}/configs"}\n`,
  });
  commitAll(workspace, 'The boxes');
  const build = async (version: string) => {
    const args = [...apps, '--store', store, '--version', version, '--skip-tests'];
    const { results, stderr } = await buildJson(workspace, args, { ...wheels, XDG_CONFIG_HOME: home });
    expect(
      results.map((one) => one.built),
      stderr,
    ).toEqual(apps.map(() => true));
  };
  return { fleet, build };
}

const liveConfig = ({ boxes }: Fleet, app: string) =>
  boxes.map(({ root }) =>
    JSON.parse(fs.readFileSync(path.join(root, app, 'live/configuration.json'), 'utf8')),
  );

it('the example apps are built, planned, deployed to two agents, changed and rolled back', async () => {
  const { fleet, build } = await exampleFleet();
  const { workspace } = fleet;
  await build('1');
  for (const app of apps) {
    const { code, stdout, stderr } = await fleet.strata(['deploy', app, '-e', 'production', '--yes']);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    const rendered = await strata(['render', app, 'production', '-c', 'us'], { cwd: workspace });
    for (const config of liveConfig(fleet, app)) expect(config).toEqual(JSON.parse(rendered.stdout));
  }

  const layer = path.join(workspace, 'apps/api/deploy/configuration/api-production-us.yaml');
  fs.writeFileSync(
    layer,
    fs.readFileSync(layer, 'utf8').replace('catalogue.read: 10.0', 'catalogue.read: 12.5'),
  );
  commitAll(workspace, 'The catalogue has more time');
  await build('2');
  const deploy = ['deploy', 'api', '-e', 'production', '-c', 'us'];
  const plan = await fleet.strata([...deploy, '--plan']);
  expect(plan.stdout).toMatch(/^b1, b2 \(2 boxes\): api 1 → 2\n/);
  expect(plan.stdout).toMatch(/^ {4}\w{8} The catalogue has more time$/m);
  expect(plan.stdout).toMatch(
    /^ {4}api\.upstream\.catalogue\.read: 10\.0 → 12\.5 {2}\(\S*api-production-us\.yaml:\d+:\d+\)$/m,
  );
  expect(plan.stdout).toMatch(/^ {6}\+ +"read": 12\.5/m);
  expect((await fleet.strata([...deploy, '--batch', '2', '--yes'])).code).toBe(0);
  const read = () => liveConfig(fleet, 'api').map((config) => config.api.upstream.catalogue.read);
  expect(read()).toEqual([12.5, 12.5]);

  const logs = await fleet.strata(['logs', 'api', '--box', 'b1']);
  expect(logs.code).toBe(0);
  expect(logs.stdout).toContain('activated');

  const back = await fleet.strata(['rollback', 'api', '-e', 'production', '--yes']);
  expect(back.code).toBe(0);
  expect(back.stdout).toMatch(/^ {4}api\.upstream\.catalogue\.read: 12\.5 → 10\.0/m);
  expect(read()).toEqual([10, 10]);
}, 120_000);

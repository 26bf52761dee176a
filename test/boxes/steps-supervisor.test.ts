import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Files, newBox, uploadApp } from '../agent/support/box.ts';
import {
  begin,
  configure,
  deploy,
  ended,
  mainPid,
  packagesAt,
  planned,
  says,
  storeAt,
} from '../support/boxes/agentOf.ts';
import type { Box } from '../support/boxes/box.ts';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';

const store = newBox();
let fleet: Fleet;
let box: Box;

const at = 'deploy/templates/supervisord';
const program = (name: string, more = '') =>
  `[program:${name}]\ncommand=/bin/sh /srv/shop/live/serve ${name}\ndirectory=/srv/shop/live\n${more}`;
const serve = 'cat version.txt > /tmp/$1; exec sleep infinity\n';
const group = '[group:shop]\nprograms=one,two\n';
// Most need not be watched for long.
const quick: Files = { 'deploy/steps.yaml': 'supervisor: { settle: 300ms }\n', serve };

const makesProgram = `mkdir -p bin log; printf '#!/bin/sh\\nexec sleep infinity\\n' > bin/run; chmod +x bin/run\n`;

const versions: Record<string, Files> = {
  '1': {
    ...quick,
    [`${at}/shop.conf`]: group + program('one') + program('two', 'autostart=false\n'),
    [`${at}/old.conf`]: program('old'),
    [`${at}/same.conf`]: program('same'),
    'deploy/templates/upstart/shop.conf': 'start on runlevel [2345]\nexec sleep 1000\n',
  },
  '2': {
    ...quick,
    [`${at}/shop.conf`]:
      group +
      program('one', 'environment=GREETING="{{ aconf.greeting }}"\n') +
      program('two', 'autostart=false\n'),
    [`${at}/new.conf`]: program('new'),
    [`${at}/same.conf`]: program('same'),
    [`${at}/made.conf`]: '[program:made]\ncommand=/srv/shop/live/bin/run\n',
    'deploy/hooks/prepare': makesProgram,
    [`${at}/once.conf`]: '[program:once]\ncommand=/bin/true\nstartsecs=0\nautorestart=false\n',
  },
  'at-once': {
    [`${at}/same.conf`]: program('same'),
    [`${at}/bad.conf`]: program('bad'),
    serve: 'echo not me >&2; exit 3\n',
  },
  'in-two-seconds': {
    [`${at}/same.conf`]: program('same'),
    serve: 'echo for a while; sleep 2; echo gone; exit 4\n',
  },
  refused: { [`${at}/same.conf`]: '[program:same]\nnothing=here\n' },
  'nobody-there': { [`${at}/same.conf`]: program('same', 'user=nobody-there\n') },
  'no-program': { [`${at}/same.conf`]: '[program:same]\ncommand=/srv/shop/live/bin/run\n' },
  'not-made': {
    [`${at}/same.conf`]: '[program:same]\ncommand=/srv/shop/bin/run\n',
    'deploy/hooks/prepare': makesProgram,
  },
};

beforeAll(async () => {
  const layer = { 'deploy/configuration/shop-default.yaml': 'shop: { greeting: hello }\n' };
  for (const [version, files] of Object.entries(versions))
    await uploadApp(store, version, { ...layer, ...files });
  const packages = process.env.STRATA_TEST_PACKAGES ?? '';
  fleet = await startFleet(1, { [packagesAt]: packages, [storeAt]: store.store }, 'servers');
  box = fleet.boxes[0] as Box;
  await box.sh(`${packagesAt}/old/install.sh`);
  await configure(box, 'steps: { system: true }\n');
  await box.sh('strata-agent init; systemctl start strata-agent');
});
afterAll(() => fleet?.stop());

/** What supervisord has, with how it is. */
async function programs(): Promise<string[]> {
  const { stdout } = await box.exec(['supervisorctl', 'status']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/).slice(0, 2).join(' '));
}

const programsOf1 = ['old RUNNING', 'same RUNNING', 'shop:one RUNNING', 'shop:two STOPPED'];
const programsOf2 = [
  ...['made RUNNING', 'new RUNNING', 'once EXITED', 'same RUNNING', 'shop:one RUNNING', 'shop:two STOPPED'],
];
const serves = (name: string) => box.sh(`cat /tmp/${name}`);

describe('programs of supervisord', () => {
  it('need one that runs', async () => {
    const { obstacles, notes } = await planned(box, { version: '1' });
    expect(obstacles).toEqual([expect.stringContaining('supervisord does not run here')]);
    expect(notes).toContain('upstart is left out: this box has no initctl');
    expect(await deploy(box, { version: '1' })).toMatchObject({ result: 'rolled_back' });
    expect(await box.sh('ls /etc/supervisor/conf.d')).toBe('');
    await box.sh('systemctl start supervisor; until supervisorctl pid; do sleep 0.02; done');
  });

  it('are planned, installed and started', async () => {
    const plan = await planned(box, { version: '1' });
    expect(plan.units.map(({ name, change }) => `${change} ${name}`)).toEqual([
      'added old',
      'added same',
      'added shop',
    ]);
    expect(plan.files.map(({ path }) => path)).toContain('/etc/supervisor/conf.d/shop.conf');
    expect(plan.restarts).toEqual(['old', 'same', 'shop']);
    expect(await deploy(box, { version: '1' })).toMatchObject({ result: 'done' });
    expect(await programs()).toEqual(programsOf1);
  });

  it('are changed, added and taken away with a version, and the others run the new release', async () => {
    const plan = await planned(box, { version: '2' });
    expect(plan.units.map(({ name, change }) => `${change} ${name}`).sort()).toEqual([
      'added made',
      'added new',
      'added once',
      'changed shop',
      'removed old',
    ]);
    expect(await deploy(box, { version: '2' })).toMatchObject({ result: 'done' });
    expect(await programs()).toEqual(programsOf2);
    expect([await serves('same'), await serves('one'), await serves('new')]).toEqual(['2', '2', '2']);
    expect(await box.sh('tr "\\0" "\\n" < /proc/$(supervisorctl pid shop:one)/environ')).toContain(
      'GREETING=hello',
    );
  });

  it.each([
    ['at-once', 'not me', 'does not stay up'],
    ['in-two-seconds', 'gone', 'same does not stay up'],
  ])(
    'that do not stay up (%s) fail the deployment, and those of before run again',
    async (version, said, why) => {
      const { result, reason, lines } = await deploy(box, { version });
      expect({ result, reason }).toEqual({ result: 'rolled_back', reason: expect.stringContaining(why) });
      expect(lines.join('\n')).toContain(said);
      expect(await programs()).toEqual(programsOf2);
      expect([await serves('same'), await serves('one'), await serves('new')]).toEqual(['2', '2', '2']);
    },
  );

  it.each([
    ['refused', 'does not specify a command'],
    ['nobody-there', 'nobody-there'],
    ['no-program', "same: can't find command '/srv/shop/live/bin/run'"],
    ['not-made', "same: can't find command '/srv/shop/bin/run'"],
  ])('that supervisord would refuse (%s) change nothing', async (version, why) => {
    const pids = await box.sh('supervisorctl pid all');
    expect(await deploy(box, { version })).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining(why),
    });
    expect(await box.sh('supervisorctl pid all')).toBe(pids);
  });

  it.each([
    ['shop.conf', 'one', '/etc/supervisor/conf.d/shop.conf is of the app shop: name one of both otherwise'],
    [
      'other.conf',
      'same',
      '/etc/supervisor/conf.d/same.conf of the app shop has a program or group same, too: name one of both otherwise',
    ],
  ])('are not those of another app that names them likewise (%s)', async (file, name, told) => {
    await uploadApp(store, file, { [`${at}/${file}`]: program(name) }, { app: 'other' });
    const { obstacles } = await planned(box, { app: 'other', version: file });
    expect(obstacles).toContain(told);
    const { result, reason } = await deploy(box, { app: 'other', version: file });
    expect({ result, reason }).toEqual({ result: 'failed', reason: expect.stringContaining(told) });
    expect(await programs()).toEqual(programsOf2);
  });

  it('go back with a rollback', async () => {
    expect(await deploy(box, { version: '1', rollback: true })).toMatchObject({ result: 'done' });
    expect(await programs()).toEqual(programsOf1);
    expect([await serves('same'), await serves('one')]).toEqual(['1', '1']);
  });

  it.each([
    ['2', '$ supervisorctl reread', 'done'],
    ['2', '$ supervisorctl restart same', 'done'],
    ['at-once', '$ supervisorctl restart same', 'rolled_back'],
  ])('are wholly on one side when the agent is killed (%s at %s)', async (version, text, result) => {
    await deploy(box, { version: '1' });
    const before = await mainPid(box);
    const id = await begin(box, { version, force: true });
    await says(box, id, text);
    await box.sh('systemctl kill --signal=KILL --kill-whom=main strata-agent');
    const isAnother = `[ "$(systemctl show --property=MainPID --value strata-agent)" != ${before} ]`;
    await box.sh(`until ${isAnother} && systemctl is-active --quiet strata-agent; do sleep 0.02; done`);
    expect(await ended(box, id)).toMatchObject({ result });
    expect(await programs()).toEqual(result === 'done' ? programsOf2 : programsOf1);
    expect(await serves('same')).toBe(result === 'done' ? '2' : '1');
  });
});

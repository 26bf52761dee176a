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

const at = 'deploy/templates/systemd';
const install = '[Install]\nWantedBy=multi-user.target\n';
/** A service that says of which version it runs. */
const serving = (more = '') =>
  `[Service]\nUser=shop\nWorkingDirectory=/srv/shop/live\nExecStart=/bin/sh /srv/shop/live/serve\n${more}${install}`;
const serve =
  'echo "serving $(cat version.txt)"; cat version.txt > /home/shop/serving; exec sleep infinity\n';
const timer = '[Timer]\nOnBootSec=1000h\n[Install]\nWantedBy=timers.target\n';
const job = '[Service]\nType=oneshot\nExecStart=/bin/true\n';
const socket = (port: number) =>
  `[Socket]\nListenStream=127.0.0.1:${port}\n[Install]\nWantedBy=sockets.target\n`;
// Takes what is handed to it, and stays up.
const answering = '[Service]\nExecStart=/bin/sh -c "cat /srv/shop/live/version.txt; exec sleep infinity"\n';

// Most need not be watched for long.
const quick: Files = { 'deploy/steps.yaml': 'systemd: { settle: 300ms }\n' };

const makesProgram = `mkdir bin; printf '#!/bin/sh\\nexec sleep infinity\\n' > bin/run; chmod +x bin/run\n`;

const versions: Record<string, Files> = {
  '1': {
    [`${at}/shop.service`]: serving(),
    ...quick,
    [`${at}/shop-old.service`]: serving(),
    [`${at}/shop-job.timer`]: timer,
    [`${at}/shop-job.service`]: job,
    [`${at}/shop-ask.socket`]: socket(7001),
    [`${at}/shop-ask.service`]: answering,
    [`${at}/shop-many@.service`]: '[Service]\nExecStart=/bin/sleep infinity\n',
  },
  '2': {
    [`${at}/shop.service`]: serving('Nice=5\n'),
    [`${at}/shop.service.d/more.conf`]: '[Service]\nEnvironment=MORE={{ aconf.greeting }}\n',
    ...quick,
    [`${at}/shop-new.service`]: serving(),
    [`${at}/shop-job.timer`]: timer,
    [`${at}/shop-job.service`]: job,
    [`${at}/shop-ask.socket`]: socket(7002),
    [`${at}/shop-ask.service`]: answering,
  },
  'at-once': {
    [`${at}/shop.service`]: serving(),
    [`${at}/shop-new.service`]: serving(),
    serve: 'echo not me; exit 3\n',
  },
  flaps: { [`${at}/shop.service`]: serving('Restart=always\n'), serve: 'echo again; exit 0\n' },
  'in-a-second': {
    [`${at}/shop.service`]: serving(),
    serve: 'echo for a while; sleep 1; echo gone; exit 4\n',
  },
  ends: { [`${at}/shop.service`]: serving(), serve: 'echo well done\n' },
  refused: { [`${at}/shop.service`]: '[Service]\nExecStart=/srv/shop/live/nothing\n' },
  unnamed: { [`${at}/shop.conf`]: '[Service]\n' },
  made: {
    ...quick,
    [`${at}/shop.service`]: `[Service]\nUser=shop\nExecStart=/srv/shop/live/bin/run\n${install}`,
    'deploy/hooks/prepare': makesProgram,
  },
  'not-made': {
    [`${at}/shop.service`]: '[Service]\nExecStart=/srv/shop/nothing\n',
    'deploy/hooks/prepare': makesProgram,
  },
};

beforeAll(async () => {
  const layer = { 'deploy/configuration/shop-default.yaml': 'shop: { greeting: hello }\n' };
  for (const [version, files] of Object.entries(versions))
    await uploadApp(store, version, { ...layer, serve, ...files });
  const packages = process.env.STRATA_TEST_PACKAGES ?? '';
  fleet = await startFleet(1, { [packagesAt]: packages, [storeAt]: store.store });
  box = fleet.boxes[0] as Box;
  await box.sh(`${packagesAt}/old/install.sh`);
  await configure(box);
  await box.sh('strata-agent init; systemctl start strata-agent');
});
afterAll(() => fleet?.stop());

/** Each unit of the shop that systemd runs or would start, with how it is. */
async function units(): Promise<string[]> {
  const told = await box.sh(`cd /etc/systemd/system; for one in $(ls -d shop* | grep -v '\\.d$\\|@'); do
    echo "$one $(systemctl is-enabled $one) $(systemctl is-active $one)"; done`);
  return told.trim().split('\n');
}

const serves = () => box.sh('cat /home/shop/serving');
const untilServes = (version: string) =>
  box.sh(`until [ "$(cat /home/shop/serving)" = ${version} ]; do sleep 0.02; done`);

/** What there is of the first version. */
const unitsOf1 = [
  'shop-ask.service static inactive',
  'shop-ask.socket enabled active',
  'shop-job.service static inactive',
  'shop-job.timer enabled active',
  'shop-old.service enabled active',
  'shop.service enabled active',
];
const unitsOf2 = [
  'shop-ask.service static inactive',
  'shop-ask.socket enabled active',
  'shop-job.service static inactive',
  'shop-job.timer enabled active',
  'shop-new.service enabled active',
  'shop.service enabled active',
];

const leftOut =
  'systemd is left out: this box does not let its agent change what the system runs (steps.system)';

describe('units of an app', () => {
  it('are left out where the box does not allow it', async () => {
    expect((await planned(box, { version: '1' })).notes).toContain(leftOut);
    expect(await deploy(box, { version: '1' })).toMatchObject({ result: 'done' });
    expect(await box.sh('ls /etc/systemd/system | grep shop || true')).toBe('');
    await configure(box, 'steps: { system: true }\n');
    await box.sh('systemctl restart strata-agent');
  });

  it('are planned, checked, installed, enabled and started', async () => {
    const plan = await planned(box, { version: '1', force: true });
    expect(plan.units).toHaveLength(7);
    expect(plan.units).toContainEqual({ name: 'shop.service', change: 'added' });
    expect(plan.restarts).toEqual(['shop-ask.socket', 'shop-job.timer', 'shop-old.service', 'shop.service']);
    expect(plan.files).toContainEqual({
      path: '/etc/systemd/system/shop-job.service',
      diff: expect.stringContaining('+Type=oneshot'),
    });
    expect(await deploy(box, { version: '1', force: true })).toMatchObject({ result: 'done' });
    expect(await units()).toEqual(unitsOf1);
    await untilServes('1');
    await box.sh('systemctl start shop-many@1');
  });

  it('are changed, added and taken away with a version, and those that others start run the new release', async () => {
    // The socket starts its service.
    await box.sh('python3 -c "import socket; socket.create_connection((\'127.0.0.1\', 7001))"');
    await box.sh('until systemctl is-active --quiet shop-ask.service; do sleep 0.02; done');
    const plan = await planned(box, { version: '2' });
    expect(plan.units.map(({ name, change }) => `${change} ${name}`)).toEqual([
      'added shop-new.service',
      'added shop.service.d/more.conf',
      'changed shop-ask.socket',
      'changed shop.service',
      'removed shop-many@.service',
      'removed shop-old.service',
    ]);
    expect(plan.restarts).toEqual(['shop-ask.socket', 'shop-new.service', 'shop.service']);
    expect(await deploy(box, { version: '2' })).toMatchObject({ result: 'done' });
    await untilServes('2');
    expect(await units()).toEqual(unitsOf2.with(0, 'shop-ask.service static active'));
    expect(await box.sh('systemctl show --property=Environment,Nice shop')).toContain('MORE=hello');
    expect(await box.sh('systemctl is-active shop-many@1 shop-old || true')).toBe('inactive\ninactive\n');
    await box.sh('systemctl stop shop-ask.service');
  });

  const failing: [string, string, string][] = [
    ['at-once', 'not me', 'exit-code'],
    ['flaps', 'again', 'shop.service does not stay up'],
    ['in-a-second', 'gone', 'exit-code'],
    ['ends', 'well done', 'inactive'],
  ];
  it.each(failing)(
    'that do not stay up (%s) fail the deployment, with what they said, and the release before runs again',
    async (version, said, why) => {
      const { result, reason, lines } = await deploy(box, { version });
      expect({ result, reason }).toEqual({ result: 'rolled_back', reason: expect.stringContaining(why) });
      expect(lines.join('\n')).toContain(said);
      expect(await units()).toEqual(unitsOf2);
      await untilServes('2');
      expect(
        await box.sh('systemctl show --property=Nice --value shop; ls /etc/systemd/system/shop.service.d'),
      ).toBe('5\nmore.conf\n');
      expect(await box.sh('systemctl list-units --failed --plain --no-legend "shop*"')).toBe('');
    },
  );

  it.each([
    ['refused', 'Command /srv/shop/live/nothing is not executable'],
    ['not-made', 'Command /srv/shop/nothing is not executable'],
    ['unnamed', 'shop.conf is no unit'],
  ])('that are not right (%s) change nothing', async (version, why) => {
    const pid = await box.sh('systemctl show --property=MainPID --value shop');
    expect(await deploy(box, { version })).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining(why),
    });
    expect(await box.sh('systemctl show --property=MainPID --value shop')).toBe(pid);
    expect(await units()).toEqual(unitsOf2);
  });

  it('are as somebody had them when a deployment fails', async () => {
    await box.sh('systemctl disable --now shop-job.timer');
    expect(await deploy(box, { version: 'at-once' })).toMatchObject({ result: 'rolled_back' });
    expect(await units()).toContain('shop-job.timer disabled inactive');
    await box.sh('systemctl enable --now shop-job.timer');
  });

  it('go back with a rollback', async () => {
    expect(await deploy(box, { version: '1', rollback: true })).toMatchObject({ result: 'done' });
    await untilServes('1');
    expect(await units()).toEqual(unitsOf1);
    expect(await box.sh('ls -d /etc/systemd/system/shop.service.d/* 2>/dev/null || true')).toBe('');
  });

  it('are not those of another app that names them likewise', async () => {
    await uploadApp(store, '1', { [`${at}/shop.service`]: serving('Nice=7\n') }, { app: 'other' });
    const told = '/etc/systemd/system/shop.service is of the app shop: name one of both otherwise';
    const { obstacles } = await planned(box, { app: 'other' });
    expect(obstacles).toContain(told);
    expect(await deploy(box, { app: 'other' })).toMatchObject({ result: 'failed', reason: told });
    expect(await box.sh('systemctl show --property=Nice --value shop')).toBe('0\n');
  });

  it('may run programs that the hook of the app makes', async () => {
    expect(await deploy(box, { version: 'made' })).toMatchObject({ result: 'done' });
    expect(await units()).toEqual(['shop.service enabled active']);
  });
});

/** Kills the agent when a deployment says a text, and waits for its end in the next life. */
async function killedAt(version: string, text: string) {
  const before = await mainPid(box);
  const id = await begin(box, { version, force: true });
  await says(box, id, text);
  await box.sh('systemctl kill --signal=KILL --kill-whom=main strata-agent');
  const isAnother = `[ "$(systemctl show --property=MainPID --value strata-agent)" != ${before} ]`;
  await box.sh(`until ${isAnother} && systemctl is-active --quiet strata-agent; do sleep 0.02; done`);
  return await ended(box, id);
}

describe('an agent that is killed', () => {
  it.each([
    '$ systemctl disable -- shop-many@.service shop-old.service',
    '$ systemctl stop -- shop-old.service',
    '$ systemctl daemon-reload',
    '$ systemctl reenable -- shop-ask.socket shop-job.timer shop-new.service shop.service',
    '$ systemctl restart -- shop-ask.socket',
    '$ systemctl restart -- shop-new.service shop.service',
  ])('at %s goes on to the new units', async (text) => {
    await deploy(box, { version: '1' });
    expect(await killedAt('2', text)).toMatchObject({ result: 'done' });
    expect(await units()).toEqual(unitsOf2);
    await untilServes('2');
  });

  it.each([
    '$ systemctl disable -- shop-new.service',
    '$ systemctl stop -- shop-new.service',
    '$ systemctl reenable -- shop-ask.socket shop-job.timer shop-old.service shop.service',
    '$ systemctl restart -- shop-old.service shop.service',
  ])('while it goes back, at %s, goes back to the old ones', async (text) => {
    await deploy(box, { version: '1' });
    expect(await killedAt('at-once', text)).toMatchObject({ result: 'rolled_back' });
    expect(await units()).toEqual(unitsOf1);
    await untilServes('1');
  });

  it('leaves a unit that is hardened and may do all of this', async () => {
    expect(await serves()).toBe('1');
    const exposure = await box.sh('systemd-analyze security strata-agent | tail -n 1');
    expect(Number(/level for strata-agent.service: ([\d.]+)/.exec(exposure)?.[1])).toBeLessThanOrEqual(4.2);
  });
});

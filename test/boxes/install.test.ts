import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBox, type TestBox, uploadApp } from '../agent/support/box.ts';
import {
  begin,
  configure,
  deploy,
  ended,
  mainPid,
  packagesAt,
  says,
  storeAt,
  waitingHook,
} from '../support/boxes/agentOf.ts';
import type { Box } from '../support/boxes/box.ts';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';

const store: TestBox = newBox();
let fleet: Fleet;
let box: Box;

beforeAll(async () => {
  const layer = { 'deploy/configuration/shop-default.yaml': 'shop: { greeting: hello }\n' };
  const fine = 'id -un; umask; cat "$STRATA_CONFIG" | head -c 1\n';
  await uploadApp(store, '1', { ...layer, 'deploy/hooks/prepare': fine });
  await uploadApp(store, '2', { ...layer, 'deploy/hooks/deployed': waitingHook });
  await uploadApp(store, '3', { ...layer, 'deploy/hooks/prepare': waitingHook });
  const packages = process.env.STRATA_TEST_PACKAGES ?? '';
  fleet = await startFleet(1, { [packagesAt]: packages, [storeAt]: store.store });
  box = fleet.boxes[0] as Box;
  await box.sh(`${packagesAt}/old/install.sh`);
});
afterAll(() => fleet?.stop());

describe('install.sh', () => {
  it('leaves an agent that waits for its config, and starts with it', async () => {
    expect(await box.sh('systemctl is-enabled strata-agent; systemctl is-active strata-agent || true')).toBe(
      'enabled\ninactive\n',
    );
    await configure(box);
    expect(await box.sh('strata-agent init')).toMatch(/^fingerprint {2}([0-9A-F]{2}:){31}[0-9A-F]{2}$/m);
    expect(await box.sh('strata-agent check')).toContain('is right');
    await box.sh('systemctl start strata-agent');
    expect(await box.sh('curl -s --unix-socket /run/strata/agent.sock http://agent/v1/health')).toContain(
      '"version"',
    );
  });

  it('changes nothing when it runs again', async () => {
    const before = await mainPid(box);
    const told = await box.sh(`
      echo MINE=1 > /etc/strata/agent.env
      ${packagesAt}/old/install.sh
      cat /etc/strata/agent.env
      ls /opt/strata-agent | wc -l`);
    expect(told).toBe('strata-agent 0.1.0 is installed in /opt/strata-agent.\nMINE=1\n2\n');
    expect(await mainPid(box)).toBe(before);
  });

  it('refuses what cannot work, and says why', async () => {
    const refused = async (script: string) => (await box.exec(['/bin/sh', '-c', script])).stderr;
    const copy = 'mkdir -p /tmp/copy; cp -r /mnt/packages/old/install.sh /mnt/packages/old/BUILD /tmp/copy';
    expect(await refused(`setpriv --reuid=shop --clear-groups ${packagesAt}/old/install.sh`)).toContain(
      'only root',
    );
    expect(await refused(`${copy}; echo arm64 > /tmp/copy/ARCH; /tmp/copy/install.sh`)).toContain(
      'this is for arm64, and the machine is',
    );
    expect(await refused(`${packagesAt}/old/install.sh --prefix /opt/other`)).toContain(
      'another installation',
    );
    expect(await refused(`${packagesAt}/old/install.sh --prefix here`)).toContain('absolute');
    expect(await refused(`${packagesAt}/old/install.sh --what`)).toContain('usage:');
    expect(
      await refused(`mkdir -p /tmp/few; for one in cat uname id readlink dirname; do ln -sf /usr/bin/$one /tmp/few/; done
        PATH=/tmp/few /bin/sh ${packagesAt}/old/install.sh`),
    ).toContain('install util-linux');
  });
});

describe('the unit', () => {
  it('is one that systemd finds no fault in, and is hardened', async () => {
    expect(await box.sh('systemd-analyze verify strata-agent.service 2>&1')).toBe('');
    const exposure = await box.sh('systemd-analyze security strata-agent | tail -n 1');
    expect(Number(/level for strata-agent.service: ([\d.]+)/.exec(exposure)?.[1])).toBeLessThanOrEqual(4.2);
  });

  it("lets an agent deploy as root, with files and hooks that are the app's", async () => {
    expect(await deploy(box, { version: '1' })).toMatchObject({
      result: 'done',
      lines: ['prepare: shop', 'prepare: 0022', 'prepare: {'],
    });
    expect(
      await box.sh(
        'stat -c "%U %a" /srv/shop/live/version.txt /srv/shop/live/configuration.json; cat /srv/shop/live/version.txt',
      ),
    ).toBe('shop 644\nshop 640\n1');
  });

  it('has an agent take less than 80 MB', async () => {
    // The first one left its compiled code to those that come.
    await box.sh('systemctl restart strata-agent');
    const kilobytes = await box.sh(`ps -o rss= -p ${await mainPid(box)}`);
    expect(Number(kilobytes) / 1024).toBeLessThan(80);
  });

  it('lets a restart wait for the deployment that runs', async () => {
    const before = await mainPid(box);
    const id = await begin(box, { version: '2' });
    await says(box, id, 'waits');
    await box.sh('systemctl restart --no-block strata-agent');
    expect(await box.sh('systemctl is-active strata-agent || true')).toBe('deactivating\n');
    await box.sh('touch /tmp/go');
    await box.sh('systemctl restart strata-agent; rm /tmp/go');
    expect(await ended(box, id)).toMatchObject({
      result: 'done',
      lines: ['deployed: waits', 'deployed: goes on'],
    });
    expect(await mainPid(box)).not.toBe(before);
  });

  it('starts an agent anew that was killed, and lets its hook live', async () => {
    const id = await begin(box, { version: '3' });
    await says(box, id, 'waits');
    const hook = await box.sh('pgrep --oldest -u shop -f hooks/prepare');
    const before = await mainPid(box);
    await box.sh('systemctl kill --signal=KILL --kill-whom=main strata-agent');
    await untilRestarted(before);
    expect(await box.sh('pgrep --oldest -u shop -f hooks/prepare')).toBe(hook);
    await box.sh('touch /tmp/go');
    expect(await ended(box, id)).toMatchObject({
      result: 'unknown',
      reason: 'the hook prepare outlived the agent, and it ended with exit code 0',
      lines: ['prepare: waits', 'prepare: goes on'],
    });
    expect(await deploy(box, { version: '3' })).toMatchObject({ result: 'done' });
    await box.sh('rm /tmp/go');
  });
});

describe('a restart that cannot wait', () => {
  it('lets the hook live, and the next agent tell how it ended', async () => {
    await box.sh(`mkdir -p $(dirname ${dropIn}); printf '[Service]\\nTimeoutStopSec=100ms\\n' > ${dropIn}`);
    await box.sh('systemctl daemon-reload');
    const id = await begin(box, { version: '2', force: true });
    await says(box, id, 'waits');
    await box.sh(`systemctl restart strata-agent; rm ${dropIn}; systemctl daemon-reload; touch /tmp/go`);
    expect(await ended(box, id)).toMatchObject({
      result: 'unknown',
      lines: ['deployed: waits', 'deployed: goes on'],
    });
    await box.sh('rm /tmp/go');
  });
});

describe('a box', () => {
  it('that lost its power in a deployment takes it back when it is on again', async () => {
    await deploy(box, { version: '1' });
    const id = await begin(box, { version: '3' });
    await says(box, id, 'waits');
    await box.cut();
    await box.on();
    expect(await ended(box, id)).toMatchObject({ result: 'failed', lines: ['prepare: waits'] });
    expect(await box.sh('cat /srv/shop/live/version.txt; ls /srv/shop/versions/unpack')).toBe('1');
  });

  it('that lost its power behind the commit does not know what the hook did, and takes the next deployment', async () => {
    const id = await begin(box, { version: '2', force: true });
    await says(box, id, 'waits');
    await box.cut();
    await box.on();
    expect(await ended(box, id)).toMatchObject({ result: 'unknown' });
    expect(await deploy(box, { version: '1' })).toMatchObject({ result: 'done' });
  });
});

describe('an upgrade', () => {
  it('waits for the deployment that runs, and goes on with the other build', async () => {
    const id = await begin(box, { version: '2', force: true });
    await says(box, id, 'waits');
    await box.sh(`systemd-run --quiet --unit=upgrade ${packagesAt}/new/install.sh`);
    await box.sh(
      'until systemctl is-active strata-agent | grep -q deactivating; do sleep 0.02; done; touch /tmp/go',
    );
    await box.sh(
      'while systemctl is-active --quiet upgrade; do sleep 0.02; done; systemctl is-active strata-agent',
    );
    expect(await ended(box, id)).toMatchObject({ result: 'done' });
    const program = await box.sh(`readlink /proc/${await mainPid(box)}/exe; cat ${packagesAt}/new/BUILD`);
    const [running, build] = program.split('\n');
    expect(running).toBe(`/opt/strata-agent/${build}/bin/node`);
    // The new one, the one before, and the link.
    expect(await box.sh('ls /opt/strata-agent | wc -l; rm /tmp/go')).toBe('3\n');
  });

  it('back is the same', async () => {
    await box.sh(`${packagesAt}/old/install.sh`);
    expect(await box.sh('systemctl is-active strata-agent; readlink /opt/strata-agent/current')).toMatch(
      /^active\n0\.0\.1-/,
    );
  });
});

describe('install.sh --uninstall', () => {
  it('takes the agent away, and nothing else', async () => {
    await box.sh('mkdir /opt/strata-agent/mine-own; touch /opt/strata-agent/mine-own/file');
    await box.sh('/opt/strata-agent/current/install.sh --uninstall');
    expect(await box.sh('systemctl is-active strata-agent || true; ls /opt/strata-agent')).toBe(
      'inactive\nmine-own\n',
    );
    expect(
      await box.sh(
        'ls /usr/bin/strata-agent /etc/systemd/system/strata-agent.service /run/strata 2>/dev/null || true',
      ),
    ).toBe('');
    expect(await box.sh('cat /srv/shop/live/version.txt; ls /etc/strata /var/lib/strata/tls')).toBe(
      '2/etc/strata:\nagent.env\nagent.yaml\n\n/var/lib/strata/tls:\ncertificate.pem\nkey.pem\n',
    );
  });
});

/** Where an agent may take less time to end than the unit gives it. */
const dropIn = '/run/systemd/system/strata-agent.service.d/time.conf';

async function untilRestarted(before: number): Promise<void> {
  const isAnother = `[ "$(systemctl show --property=MainPID --value strata-agent)" != ${before} ]`;
  await box.sh(`until ${isAnother} && systemctl is-active --quiet strata-agent; do sleep 0.02; done`);
}

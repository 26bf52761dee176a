import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBox, uploadApp } from '../agent/support/box.ts';
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

const store = newBox();
let fleet: Fleet;
let box: Box;

beforeAll(async () => {
  await uploadApp(store, '1');
  await uploadApp(store, '2', { 'deploy/hooks/deployed': waitingHook });
  fleet = await startFleet(1, {
    [packagesAt]: process.env.STRATA_TEST_PACKAGES ?? '',
    [storeAt]: store.store,
  });
  box = fleet.boxes[0] as Box;
});
afterAll(() => fleet?.stop());

/** Whether the service runs, and whether it will when the box starts. */
async function service(): Promise<string> {
  return await box.sh(
    'systemctl is-active strata-agent || true; systemctl is-enabled strata-agent 2>&1 || true',
  );
}

describe('the .deb', () => {
  it('is installed, enabled, and not started before there is a config', async () => {
    await box.sh(`dpkg -i ${packagesAt}/old.deb`);
    expect(await service()).toBe('inactive\nenabled\n');
    expect(
      await box.sh('dpkg --verify strata-agent; stat -c %a /etc/strata/agent.env; strata-agent --version'),
    ).toBe('600\n0.1.0\n');
    await configure(box);
    await box.sh('strata-agent init; systemctl start strata-agent');
    expect(await service()).toBe('active\nenabled\n');
    expect(await deploy(box, { version: '1' })).toMatchObject({ result: 'done' });
  });

  it('is upgraded while a deployment runs, which goes on to its end; what people changed stays', async () => {
    await box.sh('echo MINE=1 >> /etc/strata/agent.env');
    const before = await mainPid(box);
    const id = await begin(box, { version: '2' });
    await says(box, id, 'waits');
    await box.sh(`systemd-run --quiet --unit=upgrade --service-type=exec dpkg -i ${packagesAt}/new.deb`);
    await box.sh(
      'until systemctl is-active strata-agent | grep -q deactivating; do sleep 0.02; done; touch /tmp/go',
    );
    await box.sh('while systemctl is-active --quiet upgrade; do sleep 0.02; done; rm /tmp/go');
    expect(await ended(box, id)).toMatchObject({ result: 'done' });
    expect(await service()).toBe('active\nenabled\n');
    expect(await mainPid(box)).not.toBe(before);
    expect(await box.sh('dpkg --status strata-agent | grep ^Version; tail -n 1 /etc/strata/agent.env')).toBe(
      'Version: 0.0.2\nMINE=1\n',
    );
  });

  it('leaves a service disabled that somebody disabled', async () => {
    await box.sh(`systemctl disable strata-agent; dpkg -i ${packagesAt}/old.deb`);
    expect(await service()).toBe('active\ndisabled\n');
    await box.sh('systemctl enable strata-agent');
  });

  it('is removed: the agent ends, its config and its state stay', async () => {
    await box.sh('dpkg --remove strata-agent');
    expect(await service()).toMatch(/^inactive\n/);
    expect(await box.sh('ls /usr/lib/strata-agent /usr/bin/strata-agent 2>/dev/null || true')).toBe('');
    await box.sh('ls /etc/strata/agent.yaml /etc/strata/agent.env /var/lib/strata/tls/key.pem');
    await box.sh(`dpkg -i ${packagesAt}/new.deb`);
    expect(await service()).toBe('active\nenabled\n');
    expect(await deploy(box, { version: '1' })).toMatchObject({ result: 'done' });
  });

  it('is purged: all of its own goes, and no app', async () => {
    await box.sh('dpkg --purge strata-agent');
    const places = '/etc/strata /var/lib/strata /var/cache/strata /run/strata';
    expect(await box.sh(`ls -R ${places} 2>/dev/null || true`)).toBe('');
    expect(await box.sh('cat /srv/shop/live/version.txt; systemctl --failed --quiet | wc -l')).toBe('10\n');
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';
let fleet: Fleet;
beforeAll(async () => { const t = Date.now(); fleet = await startFleet(2, { '/mnt/packages': process.env.STRATA_TEST_PACKAGES ?? '' }); console.log(Date.now() - t); });
afterAll(() => fleet?.stop());
it('boots', async () => {
  const [a] = fleet.boxes;
  console.log(await a?.sh('/mnt/packages/old/install.sh; /mnt/packages/old/install.sh; strata-agent init --environment qa --store /srv/store --address 0.0.0.0:7878; systemctl start strata-agent; systemctl status strata-agent; ls -la /var/lib/strata /run/strata; strata-agent check; systemd-analyze verify /etc/systemd/system/strata-agent.service; systemd-analyze security strata-agent | tail -3; ps -eo rss,args | grep agent.js'));
  expect(1).toBe(1);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBox, type TestBox } from '../agent/support/box.ts';
import {
  begin,
  configure,
  deploy,
  ended,
  mainPid,
  packagesAt,
  says,
  storeAt,
} from '../support/boxes/agentOf.ts';
import type { Box } from '../support/boxes/box.ts';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';
import { type Balanced, balancers, startLoad, uploadPair } from '../support/boxes/pairBox.ts';

/** How many deployments in a row are done under load. */
const many = Number(process.env.STRATA_SWITCHES) || 4;

/** A box with an app in two slots behind a balancer, where version 1 serves. */
async function pairBox(store: TestBox, balanced: Balanced): Promise<{ fleet: Fleet; box: Box }> {
  await uploadPair(store, '1', balanced);
  const binds = { [packagesAt]: process.env.STRATA_TEST_PACKAGES ?? '', [storeAt]: store.store };
  const fleet = await startFleet(1, binds, 'servers');
  const box = fleet.boxes[0] as Box;
  await box.sh(`dpkg -i ${packagesAt}/old.deb`);
  await configure(box, 'steps: { system: true }\nkeep: 1\n');
  await box.sh('strata-agent init; systemctl start strata-agent');
  await box.sh(`cat > ${balanced.config.file}; ${balanced.start}`, balanced.config.text);
  expect(await deploy(box, { version: '1' })).toMatchObject({ result: 'done' });
  return { fleet, box };
}

const serving = (box: Box) => box.sh('curl --silent --fail http://127.0.0.1:8080/');
const units = (box: Box) =>
  box.sh("systemctl list-units --plain --no-legend --state=active 'shop@*' | cut -d ' ' -f 1");

describe.each(balancers)('a pair of slots behind $name', (balanced) => {
  const store = newBox();
  let fleet: Fleet;
  let box: Box;
  beforeAll(async () => {
    ({ fleet, box } = await pairBox(store, balanced));
  });
  afterAll(() => fleet?.stop());

  it('serves what was deployed, from one slot', async () => {
    expect(await serving(box)).toBe('1 0\n');
    expect(await units(box)).toBe('shop@blue.service\n');
  });

  it(
    `loses no request in ${many} deployments in a row`,
    async () => {
      for (let at = 0; at < many; at++) await uploadPair(store, `2.${at}`, balanced);
      const load = startLoad(fleet, box);
      load.phase('quiet');
      await box.sh('sleep 5');
      load.phase('switch');
      for (let at = 0; at < many; at++)
        expect(await deploy(box, { version: `2.${at}` })).toMatchObject({ result: 'done' });
      const { failures, failed, count, kinds, p99 } = await load.end();
      expect({ failures, failed }).toEqual({ failures: 0, failed: [] });
      for (const kind of ['kept', 'new', 'slow', 'upload']) expect(kinds[kind]).toBeGreaterThan(0);
      console.log(`${balanced.name}: ${many} switches, ${count} requests, p99 ${JSON.stringify(p99)} ms`);
      expect(await serving(box)).toBe(`2.${many - 1} 0\n`);
      expect((await units(box)).trim().split('\n')).toHaveLength(1);
    },
    60_000 + many * 15_000,
  );

  it('loses none with a version that is never healthy, and keeps the one before', async () => {
    const before = await serving(box);
    await uploadPair(store, '3-ill', balanced);
    const load = startLoad(fleet, box);
    const { result, reason } = await deploy(box, { version: '3-ill' });
    expect(await load.end()).toMatchObject({ failures: 0, failed: [] });
    expect({ result, reason }).toEqual({
      result: 'rolled_back',
      reason: expect.stringMatching(/^it is not healthy after 4 s: status 500; .* is live again$/),
    });
    expect(await serving(box)).toBe(before);
    expect((await units(box)).trim().split('\n')).toHaveLength(1);
  });

  it('loses none where its own tests fail behind the switch, and goes back', async () => {
    const before = await serving(box);
    await uploadPair(store, '4', balanced, { 'deploy/hooks/validate': 'exit 1' });
    const load = startLoad(fleet, box);
    expect(await deploy(box, { version: '4' })).toMatchObject({ result: 'rolled_back' });
    expect(await load.end()).toMatchObject({ failures: 0, failed: [] });
    expect(await serving(box)).toBe(before);
    expect((await units(box)).trim().split('\n')).toHaveLength(1);
  });

  it.each(['systemctl stop', 'is healthy', 'waits'])(
    'loses none where the agent is killed when it says %j',
    async (said) => {
      const version = `5-${said.replace(/\W+/g, '-')}`;
      const hook = { 'deploy/hooks/deployed': 'echo waits; sleep 1' };
      await uploadPair(store, version, balanced, said === 'waits' ? hook : {});
      const load = startLoad(fleet, box);
      const id = await begin(box, { version });
      await says(box, id, new RegExp(said));
      const before = await mainPid(box);
      await box.sh('systemctl kill --signal=KILL --kill-whom=main strata-agent');
      // It is active when it listens.
      const isNew = `[ "$(systemctl show --property=MainPID --value strata-agent)" != ${before} ]`;
      await box.sh(`until ${isNew} && systemctl is-active --quiet strata-agent; do sleep 0.05; done`);
      const { result } = await ended(box, id);
      expect(await load.end()).toMatchObject({ failures: 0, failed: [] });
      expect(['done', 'rolled_back', 'unknown']).toContain(result);
      expect(await serving(box)).toMatch(/^\S+ 0\n$/);
    },
  );

  it('where it is simply restarted, some are lost: the load can tell', async () => {
    const load = startLoad(fleet, box);
    await box.sh('sleep 1');
    await box.sh(`systemctl restart ${(await units(box)).trim()}`);
    await box.sh('sleep 1');
    const { failures } = await load.end();
    console.log(`${balanced.name}: ${failures} requests lost in a plain restart`);
    expect(failures).toBeGreaterThan(0);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBox, type TestBox, uploadApp } from '../agent/support/box.ts';
import { configure, deploy, packagesAt, planned, storeAt } from '../support/boxes/agentOf.ts';
import type { Box } from '../support/boxes/box.ts';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';
import {
  type Balanced,
  balancers,
  type LoadResult,
  startLoad,
  uploadPair,
} from '../support/boxes/pairBox.ts';
import { deployAmid, seriesOf, type Trial } from '../support/boxes/pairSeries.ts';

/** How many deployments in a row are done under load, and of which trouble they are. */
const many = Number(process.env.STRATA_SWITCHES) || 4;
const { STRATA_SEED: wanted = '1' } = process.env;
const seed = wanted === 'random' ? Math.floor(Math.random() * 1_000_000) : Number(wanted);

/** A box with an app in two slots behind a balancer, where version 1 serves. @returns how many events its deployment had. */
async function pairBox(store: TestBox, balanced: Balanced) {
  await uploadPair(store, '1', balanced);
  const binds = { [packagesAt]: process.env.STRATA_TEST_PACKAGES ?? '', [storeAt]: store.store };
  const fleet = await startFleet(1, binds, 'servers');
  const box = fleet.boxes[0] as Box;
  await box.sh(`dpkg -i ${packagesAt}/old.deb`);
  await configure(box, 'steps: { system: true }\nkeep: 1\n');
  await box.sh('strata-agent init; systemctl start strata-agent');
  await box.sh(`cat > ${balanced.config.file}; ${balanced.start}`, balanced.config.text);
  const { result, reason, lastEvent } = await deploy(box, { version: '1' });
  expect({ result, reason }).toEqual({ result: 'done', reason: null });
  return { fleet, box, events: lastEvent };
}

const serving = (box: Box) => box.sh('curl --silent --fail http://127.0.0.1:8080/');

/** In figures, for a person. */
function told(balanced: Balanced, series: readonly Trial[], load: LoadResult): string {
  const { quiet, switches } = load.times;
  const count = (isIt: (one: Trial) => boolean) => series.filter(isIt).length;
  const trouble = [
    `${count(({ kind }) => kind === 'ill')} never healthy`,
    `${count(({ kind }) => kind === 'refused')} refused by validate`,
    `${count(({ wasKilled }) => wasKilled === true)} with the agent killed`,
  ];
  const ratio = ((switches?.p99 ?? 0) / (quiet?.p99 ?? 1)).toFixed(1);
  return `${balanced.name}: ${series.length} deployments (${trouble.join(', ')}; seed ${seed}), ${load.count} requests, ${load.failures} failed, ${load.retried} sent once more; quiet p50 ${quiet?.p50} p99 ${quiet?.p99} ms, in switches p50 ${switches?.p50} p99 ${switches?.p99} ms: ${ratio} times`;
}

describe.each(balancers)('a pair of slots behind $name', (balanced) => {
  const store = newBox();
  let fleet: Fleet;
  let box: Box;
  let events: number;
  const lines = async (script: string) => (await box.sh(script)).trim().split('\n');
  beforeAll(async () => {
    ({ fleet, box, events } = await pairBox(store, balanced));
  });
  afterAll(() => fleet?.stop());

  /** Carries one out. @returns what is live behind it. */
  async function endsAsItShould(trial: Trial, live: string): Promise<string> {
    const { result, reason } = await deployAmid(box, trial);
    const about = { seed, ...trial, reason };
    expect({ about, isRight: trial.ends.includes(result), result }).toMatchObject({ isRight: true });
    const now = result === 'done' ? trial.version : live;
    expect({ about, serves: await serving(box) }).toEqual({ about, serves: `${now} 0\n` });
    const running = await lines(balanced.runner.running);
    expect({ about, running }).toEqual({ about, running: [expect.stringMatching(/blue|green/)] });
    return now;
  }

  it('serves what was deployed, from one slot, which comes up with the box', async () => {
    expect(await serving(box)).toBe('1 0\n');
    const { running, enabled } = balanced.runner;
    expect(await lines(running)).toEqual([expect.stringContaining('blue')]);
    expect(await lines(enabled)).toEqual(await lines(running));
  });

  it(
    `loses no request in ${many} deployments in a row, some with trouble`,
    async () => {
      const series = seriesOf(many, seed, events);
      for (const { version, kind } of series) await uploadPair(store, version, balanced, kind);
      const load = startLoad(fleet, box, balanced);
      let result: LoadResult;
      let live = '1';
      load.phase('quiet');
      await box.sh(`sleep ${many < 50 ? 1 : 30}`);
      load.phase('switches');
      try {
        for (const trial of series) live = await endsAsItShould(trial, live);
      } finally {
        result = await load.end();
        console.log(told(balanced, series, result));
      }
      const { failures, failed, retried, kinds } = result;
      expect({ failures, failed }).toEqual({ failures: 0, failed: [] });
      if (balanced.closesIdle !== true) expect(retried).toBe(0);
      for (const kind of ['kept', 'new', 'slow', 'upload']) expect(kinds[kind]).toBeGreaterThan(0);
      expect(await lines(balanced.runner.enabled)).toEqual(await lines(balanced.runner.running));
    },
    60_000 + many * 15_000,
  );

  // HAProxy tries again for a while: a quick start alone may lose none.
  it('where it is simply restarted, and takes two seconds to start, some are lost: the load can tell', async () => {
    const load = startLoad(fleet, box, balanced);
    const [slot] = await lines(balanced.runner.running);
    const { control } = balanced.runner;
    await box.sh(`sleep 0.5; ${control} stop ${slot}; sleep 2; ${control} start ${slot}; sleep 0.5`);
    const { failures } = await load.end();
    console.log(`${balanced.name}: ${failures} requests lost in a restart of two seconds`);
    expect(failures).toBeGreaterThan(0);
  });

  if ('deploy/templates/supervisord/shop@.conf' in balanced.runner.files)
    describe('of supervisord', () => {
      it('is planned, and takes the program of the slot that is idle', async () => {
        await uploadPair(store, '8', balanced);
        const [now] = await lines(balanced.runner.running);
        const next = now === 'shop-blue' ? 'shop-green' : 'shop-blue';
        const { restarts, files } = await planned(box, { version: '8' });
        expect(restarts).toEqual([next]);
        expect(files).toContainEqual({
          path: `/etc/supervisor/conf.d/${next.replace('-', '@')}.conf`,
          diff: expect.stringContaining(`+[program:${next}]`),
        });
        expect(await deploy(box, { version: '8' })).toMatchObject({ result: 'done' });
        expect(await lines(balanced.runner.running)).toEqual([next]);
      });

      it('leaves nothing for supervisord to take up, and comes up with it', async () => {
        const before = await lines(balanced.runner.running);
        expect(await box.sh('supervisorctl update')).toBe('');
        expect(await lines(balanced.runner.running)).toEqual(before);
        await box.sh(
          'systemctl restart supervisor; until supervisorctl status | grep RUNNING; do sleep 0.02; done',
        );
        expect(await lines(balanced.runner.running)).toEqual(before);
      });

      it('refuses programs that both slots would have', async () => {
        const same = { [Object.keys(balanced.runner.files)[0] ?? '']: '[program:shop]\ncommand=/bin/true\n' };
        await uploadPair(store, '9-same', { ...balanced, runner: { ...balanced.runner, files: same } });
        const { result, reason } = await deploy(box, { version: '9-same' });
        expect({ result, reason }).toEqual({
          result: 'failed',
          reason: expect.stringContaining('each slot needs programs of its own'),
        });
        expect(await serving(box)).toBe('8 0\n');
      });

      it('refuses programs that somebody else has by these names', async () => {
        const at = '/etc/supervisor/conf.d/other.conf';
        await box.sh(`printf '[program:shop-green]\\ncommand=/bin/sleep 600\\n' > ${at}`);
        await uploadPair(store, '9-other', balanced);
        const said = expect.stringContaining(`${at} has a program or group shop-green, too`);
        expect((await planned(box, { version: '9-other' })).obstacles).toContainEqual(said);
        const { result, reason } = await deploy(box, { version: '9-other' });
        expect({ result, reason }).toEqual({ result: 'failed', reason: said });
        expect(await serving(box)).toBe('8 0\n');
        await box.sh(`rm ${at}`);
      });

      it('goes with a version that has no pair any more, and comes back with one that has', async () => {
        await uploadApp(store, '10');
        expect(await deploy(box, { version: '10' })).toMatchObject({ result: 'done' });
        expect(await box.sh('supervisorctl status; ls /etc/supervisor/conf.d /srv/shop/slots')).not.toMatch(
          /shop-|shop@|serving/,
        );
        expect(await deploy(box, { version: '8' })).toMatchObject({ result: 'done' });
        expect(await serving(box)).toBe('8 0\n');
      });
    });
});

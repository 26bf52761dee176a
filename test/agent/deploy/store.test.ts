import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openRepository, type Repository } from '../../../artifact/repository/repository.ts';
import { httpStore } from '../../../artifact/store/httpStore.ts';
import { cut, type Fault, type Relay, sound, stalled, startRelay } from '../../support/relay.ts';
import { trustCi } from '../../support/repository.ts';
import {
  deploy,
  ended,
  eventsUntil,
  leftovers,
  liveVersion,
  me,
  newBox,
  type TestBox,
  uploadApp,
  withAgent,
} from '../support/box.ts';
import { checkInvariant, lastVersion } from '../support/invariant.ts';
import { serveFolder, type WebStore } from '../support/webStore.ts';

const size = 2_000_000;

/** A box whose store is behind a network that can be broken. */
async function boxBehind(
  onTestFinished: (end: () => Promise<void> | void) => void,
): Promise<{ box: TestBox; relay: Relay; web: WebStore; repository: Repository }> {
  const box = newBox();
  await uploadApp(box, '1');
  await uploadApp(box, lastVersion);
  await uploadApp(box, '2', { data: randomBytes(size) });
  const web = await serveFolder(box.store);
  onTestFinished(() => web.stop());
  const relay = await startRelay({ host: '127.0.0.1', port: web.port });
  onTestFinished(() => relay.stop());
  const store = httpStore(`http://127.0.0.1:${relay.port}/`, { idleMs: 300 });
  return { box, relay, web, repository: openRepository(store, trustCi) };
}

/** How a network breaks, in words and as it is done. */
type BrokenStore = [string, Fault];

const random = (most: number) => Math.floor(Math.random() * most);
const rounds = Number(process.env.STRATA_STORE_CUTS) || 4;

describe.concurrent('a store that is cut off', () => {
  it('at random bytes, and comes back, is read on from there', async ({ onTestFinished }) => {
    const { box, relay, web, repository } = await boxBehind(onTestFinished);
    await withAgent(box, { repository }, async (agent) => {
      for (let round = 0; round < rounds; round++) {
        await deploy(agent, { version: '1' });
        web.begun.length = 0;
        const at = Array.from({ length: 3 }, () => 100_000 + random(size / 3));
        let turn = 0;
        relay.set(() => cut('server', at[turn++] ?? Number.POSITIVE_INFINITY)());
        expect(await deploy(agent, { version: '2', force: true }), `${at}`).toMatchObject({
          result: 'done',
          reason: null,
        });
        expect(liveVersion(box)).toBe('2');
        relay.set(sound);
        // Nothing was read twice.
        expect(web.begun).toEqual([...web.begun].sort((a, b) => a - b));
        expect(web.begun.filter((one) => one === 0)).toEqual([0]);
      }
      await checkInvariant(agent, box);
    });
  }, 3_000_000);

  it.for<BrokenStore>([
    ['ends every connection', () => cut('server', 0)()],
    ['says nothing more', stalled],
  ])(
    'and %s, is told within a bound, and read on from there by the next deployment',
    { timeout: 90_000 },
    async ([, broken], { onTestFinished }) => {
      const { box, relay, web, repository } = await boxBehind(onTestFinished);
      await withAgent(box, { repository }, async (agent) => {
        await deploy(agent, { version: '1' });
        let isFirst = true;
        const first = cut('server', size / 2);
        relay.set(() => {
          const wasFirst = web.begun.length === 0 && isFirst;
          if (web.begun.length > 0) isFirst = false;
          return wasFirst ? first() : broken();
        });
        const started = performance.now();
        const { result, reason } = await deploy(agent, { version: '2' });
        expect(result).toBe('failed');
        expect(reason).toMatch(/tries|could not be reached|no answer|broke off/);
        expect(performance.now() - started).toBeLessThan(45_000);
        expect({ live: liveVersion(box), left: leftovers(box) }).toEqual({ live: '1', left: [] });
        relay.set(sound);
        web.begun.length = 0;
        expect(await deploy(agent, { version: '2' })).toMatchObject({ result: 'done', reason: null });
        expect(web.begun).toEqual([expect.any(Number)]);
        expect(web.begun[0]).toBeGreaterThan(size / 4);
      });
    },
  );

  it('is not waited for by who cancels', async ({ onTestFinished }) => {
    const { box, relay, web, repository } = await boxBehind(onTestFinished);
    await withAgent(box, { repository }, async (agent) => {
      const { id } = await agent.deploy({ app: 'shop', version: '2' }, me, undefined);
      await eventsUntil(agent, id, (event) => event.type === 'state' && event.state === 'locked');
      relay.set(stalled);
      const started = performance.now();
      await agent.cancel(id, me);
      const { result } = await ended(agent, id);
      expect(['failed', 'done', 'rolled_back']).toContain(result);
      expect(performance.now() - started).toBeLessThan(3000);
      relay.set(sound);
      expect(await deploy(agent, { version: '2' })).toMatchObject({ result: 'done', reason: null });
      expect(web.begun.length).toBeGreaterThan(0);
    });
  });
});

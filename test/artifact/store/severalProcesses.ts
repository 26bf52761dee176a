import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../artifact/store/store.ts';
import { killAfter, saidBy, startWorker } from '../../support/workers.ts';
import { listed, someBytes, streamOf } from './storeParts.ts';

/** What a store does for processes that use it at the same time, and for those that are killed. */
export function severalProcesses(
  open: () => { store: Store; address: string },
  { bytes, rounds }: { bytes: number; rounds: number },
): void {
  describe('several processes', () => {
    it.each([1000, bytes])('lets one of two win who make the same object of %i bytes', async (size) => {
      const { store, address } = open();
      const key = `two/${size}`;
      const workers = [1, 2].map(() => startWorker(address, 'create', key, size));
      const said = await Promise.all(workers.map(saidBy));
      expect(said.toSorted()).toEqual(['exists', 'made']);
      const winner = workers[said.indexOf('made')]?.pid ?? 0;
      const { head, body } = await store.get(key);
      expect(head.metadata).toEqual({ by: `${winner}` });
      expect((await buffer(body)).equals(someBytes(size, winner))).toBe(true);
    });

    it('loses no change of eight that count together', async () => {
      const { store, address } = open();
      await store.swap('eight', '0', undefined);
      const workers = Array.from({ length: 8 }, () => startWorker(address, 'count', 'eight', 5));
      await Promise.all(workers.map(saidBy));
      expect(await text((await store.get('eight')).body)).toBe('40');
    });

    it('shows nothing of a writer that was killed', async () => {
      const { store, address } = open();
      for (let round = 1; round <= rounds; round++) {
        const child = startWorker(address, 'create-many', `killed/${round}`, bytes);
        await killAfter(child, round);
        const { keys } = await listed(store, `killed/${round}/`);
        expect(keys.length).toBeGreaterThanOrEqual(round);
        for (const key of keys) await checkWhole(store, key, bytes);
        await store.create(`killed/${round}/${keys.length}`, streamOf('goes on'));
      }
    });
  });
}

async function checkWhole(store: Store, key: string, bytes: number): Promise<void> {
  const at = Number(key.split('/').at(-1));
  const { head, body } = await store.get(key);
  expect({ size: head.size, metadata: head.metadata }).toEqual({ size: bytes, metadata: { at: `${at}` } });
  expect((await buffer(body)).equals(someBytes(bytes, at))).toBe(true);
}

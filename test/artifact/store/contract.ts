import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../../artifact/store/store.ts';
import { countUp, listed, someBytes, streamOf } from './storeParts.ts';

/** What every store that can be written does. */
export function storeContract(open: () => Store, { bigBytes }: { bigBytes: number }): void {
  let store: Store;
  beforeAll(() => {
    store = open();
  });

  describe('objects', () => {
    it('gives back what was put: bytes, size, metadata, a tag', async () => {
      const metadata = { app: 'shop', deploy_compat: '4', message: 'Füße\n100 % ', commit: 'abc' };
      const made = await store.create('shop/master/shop.tar.gz/1', streamOf('hello'), { size: 5, metadata });
      const { head, body } = await store.get('shop/master/shop.tar.gz/1');
      expect(await text(body)).toBe('hello');
      expect(head).toMatchObject({ key: 'shop/master/shop.tar.gz/1', size: 5, tag: made.tag });
      expect(head.metadata).toEqual(metadata);
      expect(head.modified).toBeGreaterThan(1_500_000_000_000);
      expect(await store.head('shop/master/shop.tar.gz/1')).toEqual(head);
    });

    it('takes objects of no bytes, of unknown size, and big ones', async () => {
      const big = someBytes(bigBytes);
      await store.create('sizes/empty', streamOf(''), { size: 0 });
      await store.create('sizes/big', streamOf(big));
      await store.create('sizes/announced', streamOf(big), { size: big.length });
      expect((await store.head('sizes/empty'))?.size).toBe(0);
      for (const key of ['sizes/big', 'sizes/announced']) {
        const { head, body } = await store.get(key);
        expect(head.size).toBe(big.length);
        expect((await buffer(body)).equals(big)).toBe(true);
      }
    });

    it('reads from an offset on', async () => {
      const bytes = someBytes(300_000);
      await store.create('ranges/a', streamOf(bytes));
      const { head, body } = await store.get('ranges/a', { start: 123_456 });
      expect(head.size).toBe(300_000);
      expect((await buffer(body)).equals(bytes.subarray(123_456))).toBe(true);
      const end = await store.get('ranges/a', { start: 300_000 });
      expect(await text(end.body)).toBe('');
      await expect(store.get('ranges/a', { start: 300_001 })).rejects.toMatchObject({ code: 'invalid' });
    });

    it('says what is not there', async () => {
      expect(await store.head('none/at/all')).toBeUndefined();
      await expect(store.get('none/at/all')).rejects.toMatchObject({ code: 'missing' });
      await store.delete('none/at/all');
      expect(await listed(store, 'none/')).toEqual({ keys: [], folders: [] });
    });

    it('makes an object once', async () => {
      await store.create('once/a', streamOf('first'), { metadata: { by: 'first' } });
      const again = store.create('once/a', streamOf('second'), { metadata: { by: 'second' } });
      await expect(again).rejects.toMatchObject({ code: 'exists' });
      const { head, body } = await store.get('once/a');
      expect([await text(body), head.metadata]).toEqual(['first', { by: 'first' }]);
    });

    it('lets one of many win who make the same object', async () => {
      const racers = Array.from({ length: 8 }, (_, at) =>
        store.create('race/a', streamOf(`${at}`.repeat(100_000)), { metadata: { by: `${at}` } }).then(
          () => 'made',
          (error) => error.code,
        ),
      );
      const outcomes = await Promise.all(racers);
      expect(outcomes.toSorted()).toEqual([...Array(7).fill('exists'), 'made']);
      const { head, body } = await store.get('race/a');
      const winner = `${outcomes.indexOf('made')}`;
      expect([head.metadata, await text(body)]).toEqual([{ by: winner }, winner.repeat(100_000)]);
    });

    it('keeps nothing of other than the announced bytes', async () => {
      for (const size of [4, 6]) {
        const wrong = store.create('wrong/size', streamOf('hello'), { size });
        await expect(wrong).rejects.toMatchObject({ code: 'refused' });
      }
      expect(await store.head('wrong/size')).toBeUndefined();
    });

    it('keeps nothing of a stream that fails', async () => {
      const failing = Readable.from(
        (async function* () {
          yield someBytes(bigBytes);
          throw new Error('the build broke off');
        })(),
      );
      await expect(store.create('failing/a', failing)).rejects.toThrow('the build broke off');
      expect(await listed(store, 'failing/')).toEqual({ keys: [], folders: [] });
      await store.create('failing/a', streamOf('now'));
    });

    it('deletes, and makes anew', async () => {
      await store.create('gone/a', streamOf('1'), { metadata: { old: 'yes' } });
      await store.delete('gone/a');
      expect(await store.head('gone/a')).toBeUndefined();
      expect((await listed(store, '', false)).folders).not.toContain('gone');
      await store.create('gone/a', streamOf('2'));
      expect((await store.head('gone/a'))?.metadata).toEqual({});
    });
  });

  describe('copies', () => {
    it('copies bytes and metadata, once', async () => {
      const big = someBytes(bigBytes);
      await store.create('copies/from', streamOf(big), { metadata: { commit: 'abc' } });
      await store.copy('copies/from', 'copies/to');
      await store.copy('copies/from', 'copies/other', { metadata: { commit: 'def' } });
      const { head, body } = await store.get('copies/to');
      expect([(await buffer(body)).equals(big), head.metadata]).toEqual([true, { commit: 'abc' }]);
      expect((await store.head('copies/other'))?.metadata).toEqual({ commit: 'def' });
      await expect(store.copy('copies/from', 'copies/to')).rejects.toMatchObject({ code: 'exists' });
      await expect(store.copy('copies/none', 'copies/new')).rejects.toMatchObject({ code: 'missing' });
      await store.delete('copies/from');
      expect((await buffer((await store.get('copies/to')).body)).equals(big)).toBe(true);
    });

    it('copies small objects as well', async () => {
      await store.create('copies/small', streamOf('hello'), { metadata: { commit: 'abc' } });
      await store.copy('copies/small', 'copies/small-2');
      const { head, body } = await store.get('copies/small-2');
      expect([await text(body), head.metadata]).toEqual(['hello', { commit: 'abc' }]);
      await expect(store.copy('copies/small', 'copies/small-2')).rejects.toMatchObject({ code: 'exists' });
    });
  });

  describe('texts that are swapped', () => {
    it('writes where the object is what it was', async () => {
      const first = await store.swap('texts/latest', '1\n', undefined);
      await expect(store.swap('texts/latest', '2\n', undefined)).rejects.toMatchObject({ code: 'conflict' });
      const second = await store.swap('texts/latest', '2\n', first.tag);
      expect(second.tag).toBe((await store.head('texts/latest'))?.tag);
      await expect(store.swap('texts/latest', '3\n', first.tag)).rejects.toMatchObject({ code: 'conflict' });
      await expect(store.swap('texts/none', '3\n', first.tag)).rejects.toMatchObject({ code: 'conflict' });
      expect(await text((await store.get('texts/latest')).body)).toBe('2\n');
    });

    it('loses no change of those who count together', async () => {
      await store.swap('texts/counter', '0', undefined);
      await Promise.all(Array.from({ length: 6 }, () => countUp(store, 'texts/counter', 5)));
      expect(await text((await store.get('texts/counter')).body)).toBe('30');
    });
  });

  describe('lists', () => {
    it("lists in the order of the keys' bytes, flat or a level at a time", async () => {
      const keys = ['list/a/b/2', 'list/a-b/1', 'list/a/b/10', 'list/a', 'list/B', 'list/c/latest'];
      const made = keys.filter((key) => key !== 'list/a');
      for (const key of made) await store.create(key, streamOf(key), { metadata: { of: key } });
      expect((await listed(store, 'list/')).keys).toEqual(made.toSorted());
      expect(await listed(store, 'list/', false)).toEqual({ keys: ['list/B'], folders: ['a-b', 'a', 'c'] });
      expect((await listed(store, 'list/a/b/', false)).keys).toEqual(['list/a/b/10', 'list/a/b/2']);
      for await (const { objects } of store.list('list/c/')) {
        const [latest] = objects;
        expect(latest).toEqual({ ...(await store.head('list/c/latest')), metadata: undefined });
      }
    });
  });

  describe('what cannot be', () => {
    const wrong = [
      '',
      '/a',
      'a/',
      'a//b',
      '../a',
      'a/../b',
      '.',
      'a/.b',
      'a\\b',
      'a\0b',
      'a/b.meta',
      'ä',
      'a b',
    ];
    it.each(wrong)('refuses %j as a key', async (key) => {
      const refused = { code: 'invalid' };
      await expect(store.head(key)).rejects.toMatchObject(refused);
      await expect(store.get(key)).rejects.toMatchObject(refused);
      await expect(store.create(key, streamOf(''))).rejects.toMatchObject(refused);
      await expect(store.copy('a', key)).rejects.toMatchObject(refused);
      await expect(store.copy(key, 'a')).rejects.toMatchObject(refused);
      await expect(store.swap(key, '', undefined)).rejects.toMatchObject(refused);
      await expect(store.delete(key)).rejects.toMatchObject(refused);
    });

    it('refuses prefixes that are no folders, and metadata that not every store keeps', async () => {
      await expect(listed(store, 'list/c')).rejects.toMatchObject({ code: 'invalid' });
      await expect(listed(store, '../')).rejects.toMatchObject({ code: 'invalid' });
      for (const metadata of [{ Upper: '1' }, { 'a b': '1' }, { long: 'x'.repeat(3000) }]) {
        const made = store.create('wrong/metadata', streamOf(''), { metadata });
        await expect(made).rejects.toMatchObject({ code: 'invalid' });
      }
    });
  });

  describe('cancelling', () => {
    it('ends every call whose caller has stopped', async () => {
      const signal = AbortSignal.abort();
      const cancelled = { code: 'cancelled' };
      await store.create('cancel/a', streamOf('a'));
      await expect(store.head('cancel/a', { signal })).rejects.toMatchObject(cancelled);
      await expect(store.get('cancel/a', { signal })).rejects.toMatchObject(cancelled);
      await expect(store.create('cancel/b', streamOf(''), { signal })).rejects.toMatchObject(cancelled);
      await expect(store.copy('cancel/a', 'cancel/b', { signal })).rejects.toMatchObject(cancelled);
      await expect(store.swap('cancel/b', '', undefined, { signal })).rejects.toMatchObject(cancelled);
      await expect(store.delete('cancel/a', { signal })).rejects.toMatchObject(cancelled);
      await expect(store.list('', { signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject(
        cancelled,
      );
      expect((await listed(store, 'cancel/')).keys).toEqual(['cancel/a']);
    });

    it('stops in the midst of bytes that come, and leaves nothing', async () => {
      const stop = new AbortController();
      const endless = new Readable({ read() {} });
      endless.push(someBytes(bigBytes));
      const made = store.create('cancel/midway', endless, { signal: stop.signal });
      await Promise.all([once(endless, 'data').catch(() => {}), Promise.resolve().then(() => stop.abort())]);
      await expect(made).rejects.toMatchObject({ code: 'cancelled' });
      expect(await store.head('cancel/midway')).toBeUndefined();
    });

    it('stops in the midst of bytes that are read', async () => {
      await store.create('cancel/read', streamOf(someBytes(bigBytes)));
      const stop = new AbortController();
      const { body } = await store.get('cancel/read', { signal: stop.signal });
      const read = (async () => {
        for await (const _ of body) stop.abort();
      })();
      await expect(read).rejects.toMatchObject({ code: 'cancelled' });
    });
  });
}

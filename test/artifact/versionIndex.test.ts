import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { gc } from '../../artifact/repository/gc.ts';
import { remove } from '../../artifact/repository/remove.ts';
import type { Repository } from '../../artifact/repository/repository.ts';
import { reserveVersion } from '../../artifact/repository/reserve.ts';
import { versions } from '../../artifact/repository/versions.ts';
import type { ObjectPage, Store } from '../../artifact/store/store.ts';
import { newRepository, shop, trustCi, uploadText, versionFile } from '../support/repository.ts';

/** More than two pages of a listing. */
const many = 2500;

/** A store that notes its calls; a page of a listing counts as one, as on S3. */
function counted(store: Store): Store & { calls: string[] } {
  const calls: string[] = [];
  const noted =
    <Given extends unknown[], Result>(name: string, call: (...given: Given) => Result) =>
    (...given: Given): Result => {
      calls.push(name);
      return call(...given);
    };
  return {
    url: store.url,
    calls,
    head: noted('head', store.head),
    get: noted('get', store.get),
    create: noted('create', store.create),
    copy: noted('copy', store.copy),
    swap: noted('swap', store.swap),
    delete: noted('delete', store.delete),
    async *list(...given): AsyncGenerator<ObjectPage> {
      for await (const page of store.list(...given)) {
        calls.push('list');
        yield page;
      }
    },
  };
}

/** Puts versions there as yodeploy does: files, and the mark on the last. */
function putByYodeploy(folder: string, from: number, to: number): void {
  fs.mkdirSync(path.dirname(versionFile(folder, '1')), { recursive: true });
  for (let version = from; version <= to; version++) fs.writeFileSync(versionFile(folder, `${version}`), 'x');
  fs.writeFileSync(versionFile(folder, 'latest'), `${to}\n`);
}

/** Whether the versions are those from 1 on, in their order; and the calls that it took to know. */
async function ask(repo: Repository) {
  const store = counted(repo.store);
  const found = (await versions({ ...repo, store }, shop)).map((one) => one.version);
  return { found, calls: store.calls };
}

describe('the versions of a series with many', () => {
  let time = Date.now();
  let repo: ReturnType<typeof newRepository>;

  beforeEach(() => {
    time = Date.now();
    repo = newRepository(trustCi, () => time);
    putByYodeploy(repo.folder, 1, many);
  });

  const upTo = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

  it('are known after under five calls, from the second time on, also of ten thousand', async () => {
    const count = 10_000;
    putByYodeploy(repo.folder, many + 1, count);
    const first = await ask(repo);
    expect(first.found).toEqual(upTo(count));
    const second = await ask(repo);
    expect(second.found).toEqual(upTo(count));
    expect(second.calls.sort()).toEqual(['get', 'get', 'get', 'list']);
    const store = counted(repo.store);
    expect((await reserveVersion({ ...repo, store }, shop)).version).toBe(`${count + 1}`);
    expect(store.calls.length).toBeLessThan(9);
  });

  it('follow what Strata changes', async () => {
    await ask(repo);
    await uploadText(repo, `${many + 1}`);
    const uploaded = await ask(repo);
    expect(uploaded.found).toEqual(upTo(many + 1));
    expect(uploaded.calls).toHaveLength(4);
    await uploadText(repo, '0.5');
    expect((await ask(repo)).found[0]).toBe('0.5');
    await expect(uploadText(repo, '3')).rejects.toThrow('already');
    expect((await ask(repo)).calls).toHaveLength(4);
    await remove(repo, shop, '2000');
    const removed = (await ask(repo)).found;
    expect(removed).toHaveLength(many + 1);
    expect(removed).not.toContain('2000');
  });

  it('follow what yodeploy uploads beside it, and what it takes away at the beginning', async () => {
    await ask(repo);
    putByYodeploy(repo.folder, many + 1, many + 2);
    expect((await ask(repo)).found).toEqual(upTo(many + 2));
    expect((await ask(repo)).calls).toHaveLength(4);
    for (let version = 1; version <= 100; version++) fs.rmSync(versionFile(repo.folder, `${version}`));
    expect((await ask(repo)).found).toEqual(upTo(many + 2).slice(100));
  });

  it('are listed anew after a day, since others may delete without a trace', async () => {
    await ask(repo);
    fs.rmSync(versionFile(repo.folder, '2500'));
    expect((await ask(repo)).found).toHaveLength(many);
    time += 25 * 3600_000;
    expect((await ask(repo)).found).toHaveLength(many - 1);
  });

  it('miss nothing when an upload dies in the middle', async () => {
    await ask(repo);
    const create: Store['create'] = async (...given) => {
      await repo.store.create(...given);
      // As if killed: nothing that comes behind gets through any more.
      Object.assign(dying, { head: killed, swap: killed, delete: killed });
      throw new Error('killed');
    };
    const killed = () => Promise.reject(new Error('killed'));
    const dying: Store = { ...repo.store, create };
    await expect(uploadText({ ...repo, store: dying }, `${many + 1}`)).rejects.toThrow('killed');
    expect((await ask(repo)).found).toEqual(upTo(many + 1));
  });

  it('miss nothing when several upload while others list', async () => {
    await ask(repo);
    const added = Array.from({ length: 6 }, (_, index) => `${many + 1 + index}`);
    await Promise.all([...added.map((version) => uploadText(repo, version)), ask(repo), ask(repo)]);
    expect((await ask(repo)).found).toEqual(upTo(many + 6));
    await ask(repo);
    expect((await ask(repo)).found).toEqual(upTo(many + 6));
  });

  it('are right after gc', async () => {
    await ask(repo);
    await gc(repo, { maxVersions: 1200 });
    expect((await ask(repo)).found).toEqual(upTo(many).slice(-1200));
  });

  it('are listed by who may only read, every time', async () => {
    const readOnly: Store = { ...repo.store, swap: () => Promise.reject(new Error('read only')) };
    expect((await ask({ ...repo, store: readOnly })).found).toEqual(upTo(many));
    expect((await ask({ ...repo, store: readOnly })).found).toEqual(upTo(many));
  });
});

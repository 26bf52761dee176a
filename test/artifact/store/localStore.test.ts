import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { localStore } from '../../../artifact/store/localStore.ts';
import { thisOwner } from '../../../artifact/store/owner.ts';
import { storeContract } from './contract.ts';
import { severalProcesses } from './severalProcesses.ts';
import { listed, someBytes, streamOf } from './storeParts.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-store-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

let count = 0;
const newFolder = () => path.join(folder, `${++count}`);

describe('a store in a directory', () => {
  storeContract(() => localStore(path.join(folder, 'contract')), { bigBytes: 3_000_000 });

  const shared = path.join(folder, 'shared');
  severalProcesses(() => ({ store: localStore(shared), address: shared }), { bytes: 300_000, rounds: 8 });
});

describe('the files of a store', () => {
  it('are those that yodeploy reads and writes', async () => {
    const root = newFolder();
    const store = localStore(root);
    await store.create('shop/master/shop.tar.gz/1', streamOf('bytes'), { metadata: { deploy_compat: '4' } });
    const at = path.join(root, 'shop/master/shop.tar.gz');
    expect(fs.readFileSync(path.join(at, '1'), 'utf8')).toBe('bytes');
    expect(JSON.parse(fs.readFileSync(path.join(at, '1.meta'), 'utf8'))).toEqual({ deploy_compat: '4' });
    fs.writeFileSync(path.join(at, '2.meta'), JSON.stringify({ build: 7, Commit: 'abc', none: null }));
    fs.writeFileSync(path.join(at, '2'), 'theirs');
    fs.writeFileSync(path.join(at, '3'), 'without metadata');
    expect((await store.head('shop/master/shop.tar.gz/2'))?.metadata).toEqual({ build: '7', commit: 'abc' });
    expect((await store.head('shop/master/shop.tar.gz/3'))?.metadata).toEqual({});
    expect((await listed(store, 'shop/master/shop.tar.gz/', false)).keys).toEqual(
      ['1', '2', '3'].map((version) => `shop/master/shop.tar.gz/${version}`),
    );
    expect(fs.readdirSync(path.join(root, '.strata'))).toEqual([]);
  });

  it('are shared by copies, but for small ones', async () => {
    const root = newFolder();
    const store = localStore(root);
    for (const [name, size] of [
      ['large', 100_000],
      ['small', 10],
    ] as const) {
      await store.create(`${name}/1`, streamOf(someBytes(size)));
      await store.copy(`${name}/1`, `${name}/2`);
    }
    const number = (name: string) => fs.statSync(path.join(root, name)).ino;
    expect(number('large/2')).toBe(number('large/1'));
    expect(number('small/2')).not.toBe(number('small/1'));
  });

  it('are told apart, damaged metadata from none', async () => {
    const root = newFolder();
    fs.mkdirSync(root);
    fs.writeFileSync(path.join(root, 'a'), '');
    fs.writeFileSync(path.join(root, 'a.meta'), '{"half":');
    await expect(localStore(root).head('a')).rejects.toMatchObject({ code: 'refused' });
  });

  it('do not lead out of it', async () => {
    const root = newFolder();
    const outside = newFolder();
    for (const one of [root, outside]) fs.mkdirSync(one);
    fs.writeFileSync(path.join(outside, 'secret'), 'secret');
    fs.symlinkSync(outside, path.join(root, 'way'));
    fs.symlinkSync(path.join(outside, 'secret'), path.join(root, 'file'));
    fs.symlinkSync('nothing', path.join(root, 'nowhere'));
    const store = localStore(root);
    const refused = { code: 'invalid', message: expect.stringContaining('symbolic link out of the store') };
    await expect(store.get('way/secret')).rejects.toMatchObject(refused);
    await expect(store.head('file')).rejects.toMatchObject(refused);
    await expect(store.create('way/new/deep', streamOf(''))).rejects.toMatchObject(refused);
    await expect(store.swap('way/new', '', undefined)).rejects.toMatchObject(refused);
    await expect(store.delete('way/secret')).rejects.toMatchObject(refused);
    await expect(listed(store, 'way/')).rejects.toMatchObject(refused);
    expect(await listed(store, '', false)).toEqual({ keys: [], folders: [] });
    expect(await store.head('nowhere')).toBeUndefined();
    await expect(store.create('nowhere', streamOf(''))).rejects.toMatchObject({ code: 'exists' });
    expect(fs.readdirSync(outside)).toEqual(['secret']);
  });

  it('may stand where folders would have to be, and the other way round', async () => {
    const store = localStore(newFolder());
    await store.create('a/b', streamOf('b'));
    await expect(store.create('a/b/c', streamOf(''))).rejects.toMatchObject({ code: 'invalid' });
    await expect(store.create('a', streamOf(''))).rejects.toMatchObject({ code: 'exists' });
    await expect(store.swap('a', '', undefined)).rejects.toMatchObject({ code: 'invalid' });
    await expect(store.delete('a')).rejects.toMatchObject({ code: 'invalid' });
    expect(await store.head('a')).toBeUndefined();
    expect(await store.head('a/b/c')).toBeUndefined();
  });
});

describe('what killed processes left', () => {
  const deadPid = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
  const dead = { ...thisOwner(), pid: deadPid, began: '1', id: 'dead' };

  function withLeftLock(key: string, holder: object): { root: string; lock: string } {
    const root = newFolder();
    const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const lock = path.join(root, '.strata', `lock_${hash}`);
    fs.mkdirSync(path.dirname(lock), { recursive: true });
    fs.writeFileSync(lock, JSON.stringify(holder));
    return { root, lock };
  }

  it('is swept: staged files of this machine', async () => {
    const root = newFolder();
    const work = path.join(root, '.strata');
    fs.mkdirSync(work, { recursive: true });
    const { host, pid, began } = thisOwner();
    const theirs = `new_${host}_${deadPid}_1_x`;
    const ours = `new_${host}_${pid}_${began}_x`;
    const elsewhere = 'new_other~1~2_1_1_x';
    for (const name of [theirs, ours, elsewhere]) fs.writeFileSync(path.join(work, name), '');
    await localStore(root).create('a', streamOf(''));
    expect(fs.readdirSync(work).toSorted()).toEqual([ours, elsewhere].toSorted());
  });

  it('is taken over: the lock of a process of this machine', async () => {
    const { root } = withLeftLock('a', dead);
    const store = localStore(root);
    const racers = [1, 2, 3].map((by) => store.create('a', streamOf(`${by}`)).catch(({ code }) => code));
    const outcomes = await Promise.all(racers);
    expect(outcomes.filter((one) => one === 'exists').length).toBe(2);
    expect(fs.readdirSync(path.join(root, '.strata'))).toEqual([]);
  });

  it('is taken over: the lock of another machine that has not been touched for a minute', async () => {
    const { root, lock } = withLeftLock('a', { ...dead, host: 'elsewhere' });
    const before = new Date(Date.now() - 61_000);
    fs.utimesSync(lock, before, before);
    await localStore(root).create('a', streamOf('a'));
  });

  it('is waited for: the lock of another machine, until the caller stops', async () => {
    const { root } = withLeftLock('a', { ...dead, host: 'elsewhere' });
    const made = localStore(root).create('a', streamOf('a'), { signal: AbortSignal.timeout(300) });
    await expect(made).rejects.toMatchObject({ code: 'cancelled' });
    expect(await localStore(root).head('a')).toBeUndefined();
  });

  it('is replaced: metadata without an object', async () => {
    const root = newFolder();
    fs.mkdirSync(root);
    fs.writeFileSync(path.join(root, 'a.meta'), '{"old": "yes"}');
    const store = localStore(root);
    expect([await store.head('a'), (await listed(store)).keys]).toEqual([undefined, []]);
    await store.create('a', streamOf('a'));
    expect((await store.head('a'))?.metadata).toEqual({});
  });
});

describe('a disk that cannot do it', () => {
  function mounted(context: TestContext, options: string): string {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) {
      context.skip('only root may mount a small file system: run the tests as root on Linux');
    }
    const at = newFolder();
    fs.mkdirSync(at);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'strata-test', at], { stdio: 'pipe' });
    } catch (error) {
      context.skip(`nothing can be mounted here: ${(error as Error).message}; allow CAP_SYS_ADMIN`);
    }
    onTestFinished(() => {
      execFileSync('umount', ['-l', at]);
    });
    return at;
  }

  it('is full of bytes: nothing is left, and small things still go', async (context) => {
    const root = mounted(context, 'size=1m');
    const store = localStore(root);
    await store.create('first', streamOf(someBytes(200_000)));
    const made = store.create('a/b/large', streamOf(someBytes(2_000_000)), { metadata: { a: 'b' } });
    await expect(made).rejects.toMatchObject({ code: 'unavailable', message: /disk is full/ });
    expect(await listed(store)).toEqual({ keys: ['first'], folders: [] });
    expect(fs.readdirSync(path.join(root, '.strata'))).toEqual([]);
    await store.create('a/b/small', streamOf('small'));
    await store.copy('first', 'second');
  });

  it('is full of files', async (context) => {
    const root = mounted(context, 'size=1m,nr_inodes=8');
    const store = localStore(root);
    const made: string[] = [];
    const fill = async () => {
      for (let at = 0; at < 20; at++) {
        await store.create(`${at}`, streamOf('x'), { metadata: { at: `${at}` } });
        made.push(`${at}`);
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'unavailable', message: /disk is full/ });
    expect((await listed(store)).keys).toEqual(made);
    for (const key of made) expect((await store.head(key))?.metadata).toEqual({ at: key });
  });

  it('is read-only: all can be read, nothing written', async (context) => {
    const root = mounted(context, 'size=1m');
    const store = localStore(root);
    await store.create('a', streamOf('a'), { metadata: { a: 'b' } });
    execFileSync('mount', ['-o', 'remount,ro', root]);
    const { head, body } = await store.get('a');
    expect([await text(body), head.metadata]).toEqual(['a', { a: 'b' }]);
    const refused = { code: 'unavailable', message: /read-only/ };
    await expect(store.create('b', streamOf(''))).rejects.toMatchObject(refused);
    await expect(store.swap('a', '', head.tag)).rejects.toMatchObject(refused);
    await expect(store.delete('a')).rejects.toMatchObject(refused);
  });

  it('belongs to somebody else', async (context) => {
    if (process.platform === 'win32') context.skip('Windows has other permissions');
    const root = newFolder();
    const store = localStore(root);
    await store.create('a/b', streamOf('b'));
    for (const name of ['a', '.strata', '']) fs.chmodSync(path.join(root, name), 0o555);
    fs.chmodSync(folder, 0o755);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    onTestFinished(() => {
      if (isRoot) process.seteuid?.(0);
      for (const name of ['', 'a', '.strata']) fs.chmodSync(path.join(root, name), 0o755);
    });
    const refused = { code: 'unavailable', message: /permission denied/ };
    expect(await text((await store.get('a/b')).body)).toBe('b');
    await expect(store.create('a/c', streamOf(''))).rejects.toMatchObject(refused);
    await expect(store.swap('a/c', '', undefined)).rejects.toMatchObject(refused);
    await expect(store.delete('a/b')).rejects.toMatchObject(refused);
  });
});

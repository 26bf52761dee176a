import { createHash } from 'node:crypto';
import { buffer, text } from 'node:stream/consumers';
import { ListMultipartUploadsCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { thisOwner } from '../../artifact/store/owner.ts';
import { s3Store } from '../../artifact/store/s3Store.ts';
import type { Store } from '../../artifact/store/store.ts';
import { listed, someBytes, streamOf } from '../artifact/store/storeParts.ts';
import { busy, cut, losesAnswer, type Relay, sound, stalled, startRelay } from '../support/relay.ts';
import { client, endpoint, newBucket, part, storeIn } from './bucket.ts';

const large = someBytes(3 * part);
let bucket = '';
let direct: Store;

beforeAll(async () => {
  bucket = await newBucket();
  direct = storeIn(bucket);
});

async function unfinished(): Promise<number> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return Uploads.length;
}

describe('a network that does what networks do', () => {
  let relay: Relay;
  let far: Store;
  beforeAll(async () => {
    const { hostname, port } = new URL(endpoint);
    relay = await startRelay({ host: hostname, port: Number(port) });
    far = storeIn(bucket, { at: `http://127.0.0.1:${relay.port}`, idleMs: 1000 });
    await far.create('found', streamOf('what the server keeps to is known now'));
    await direct.create('large', streamOf(large));
  });
  afterAll(() => relay.stop());

  it('goes on where a download was cut', async () => {
    relay.set(cut('server', 6_000_000, 2));
    const { body } = await far.get('large');
    expect((await buffer(body)).equals(large)).toBe(true);
  });

  it('tells of a download that is cut again and again', async () => {
    relay.set(cut('server', 500_000));
    const { body } = await far.get('large', { start: large.length - 900_000 });
    // Each try brings half a megabyte: that is enough.
    expect((await buffer(body)).length).toBe(900_000);
    relay.set(cut('server', 0));
    await expect(far.get('large')).rejects.toMatchObject({ code: 'unavailable', message: /no connection/ });
  });

  it('refuses to go on with an object that was replaced meanwhile', async () => {
    const first = await direct.swap('moving', 'a'.repeat(3_000_000), undefined);
    relay.set(cut('server', 1_000_000, 1));
    const { body } = await far.get('moving');
    await direct.swap('moving', 'b'.repeat(3_000_000), first.tag);
    await expect(buffer(body)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('sends parts again that got lost', async () => {
    relay.set(cut('client', 2_000_000, 3));
    await far.create('again', streamOf(large), { size: large.length });
    expect((await buffer((await direct.get('again')).body)).equals(large)).toBe(true);
  });

  it('waits for a server that is busy for a moment', async () => {
    relay.set(busy(2));
    await far.create('busy', streamOf('busy'));
    expect(await text((await far.get('busy')).body)).toBe('busy');
  });

  it('gives up on a server that stays busy, or does not answer', async () => {
    relay.set(busy());
    const refused = far.create('never', streamOf(large));
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', message: /503 .*after \d tries/ });
    relay.set(stalled);
    await expect(far.head('large')).rejects.toMatchObject({ code: 'unavailable', message: /in time/ });
    relay.set(sound);
    expect(await direct.head('never')).toBeUndefined();
  });

  it('can be left while it waits', async () => {
    relay.set(stalled);
    const waited = far.head('large', { signal: AbortSignal.timeout(100) });
    await expect(waited).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('leaves nothing of an upload whose server went away midway', async () => {
    relay.set(cut('client', 3_000_000));
    const made = far.create('gone', streamOf(large));
    await expect(made).rejects.toMatchObject({ code: 'unavailable' });
    relay.set(sound);
    expect(await direct.head('gone')).toBeUndefined();
    await direct.create('gone', streamOf('now'));
  });

  it('knows its own object again when the answer got lost', async () => {
    relay.set(losesAnswer(/^PUT .*\/own\b/));
    await far.create('own', streamOf('own'), { metadata: { by: 'me' } });
    relay.set(losesAnswer(/^PUT .*\/text\b/));
    const first = await far.swap('text', '1', undefined);
    relay.set(losesAnswer(/^PUT .*\/text\b/));
    await far.swap('text', '2', first.tag);
    relay.set(losesAnswer(/^POST .*\/parts\?uploadId/));
    await far.create('parts', streamOf(large));
    relay.set(losesAnswer(/^PUT .*\/copied\b/));
    await far.copy('own', 'copied');
    expect((await direct.head('copied'))?.metadata).toEqual({ by: 'me' });
  });
});

describe('uploads that end early', () => {
  it('leave no parts behind', async () => {
    const before = await unfinished();
    const stop = new AbortController();
    const broken = streamOf(large, 1_000_000);
    const made = direct.create('broken', broken, { signal: stop.signal, size: large.length + 1 });
    await expect(made).rejects.toMatchObject({ code: 'refused' });
    const endless = streamOf(large);
    const stopped = direct.create('stopped', endless, { signal: stop.signal });
    endless.once('end', () => stop.abort());
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(await unfinished()).toBe(before);
    expect((await listed(direct)).keys).not.toContain('broken');
  });
});

describe('a bucket that is not as it should be', () => {
  it('is said to ignore conditions: one with versioning', async () => {
    const store = storeIn(await newBucket({ versions: true }));
    const told = { code: 'unavailable', message: /ignores `If-None-Match`.*versioning/ };
    await expect(store.create('a', streamOf('a'))).rejects.toMatchObject(told);
    await expect(store.swap('a', 'a', undefined)).rejects.toMatchObject(told);
    expect(await store.head('a')).toBeUndefined();
  });

  it('is said not to be there', async () => {
    const store = storeIn('nowhere-at-all');
    const told = { code: 'unavailable', message: /no such bucket/ };
    await expect(store.get('a')).rejects.toMatchObject(told);
    await expect(store.create('a', streamOf('a'))).rejects.toMatchObject(told);
    await expect(listed(store)).rejects.toMatchObject(told);
  });

  it('does not let everybody in', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong');
    onTestFinished(() => void vi.unstubAllEnvs());
    const told = { code: 'unavailable', message: /secret key|refuses/ };
    await expect(storeIn(bucket).get('large')).rejects.toMatchObject(told);
  });

  it('is on no server', async () => {
    const store = storeIn(bucket, { at: 'http://127.0.0.1:1' });
    await expect(store.head('a')).rejects.toMatchObject({
      code: 'unavailable',
      message: /ECONNREFUSED.*tries/,
    });
  });

  it('is on a server that takes the checksums of Amazon', async () => {
    const store = s3Store({ bucket, prefix: 'sums/', endpoint, limits: { part, copy: part } });
    await store.create('small', streamOf('small'));
    await store.create('large', streamOf(large));
    await store.copy('large', 'copied');
    expect((await buffer((await store.get('copied')).body)).equals(large)).toBe(true);
  });

  it('holds what others put there', async () => {
    const puts = ['2', '3.meta', 'odd name', '.hidden'].map((name) => ({
      Bucket: bucket,
      Key: `in/here/theirs/${name}`,
      Body: 'x',
      Metadata: { deploy_compat: '4', message: 'f%C3%BC%zz' },
    }));
    for (const put of puts) await client.send(new PutObjectCommand(put));
    expect((await listed(direct, 'theirs/')).keys).toEqual(['theirs/2']);
    expect((await direct.head('theirs/2'))?.metadata).toEqual({ deploy_compat: '4', message: 'f%C3%BC%zz' });
  });

  it('holds more than a page', async () => {
    const names = Array.from({ length: 1_100 }, (_, at) => `page/${at}`);
    await Promise.all(
      names.map((name) =>
        client.send(new PutObjectCommand({ Bucket: bucket, Key: `in/here/${name}`, Body: name })),
      ),
    );
    const pages = [];
    for await (const page of direct.list('page/')) pages.push(page.objects.length);
    expect(pages).toEqual([1_000, 100]);
    expect((await listed(direct, 'page/')).keys).toEqual(names.toSorted());
  });
});

describe('a claim of a process that was killed', () => {
  it('is taken over, and nothing of it stays', async () => {
    const hash = createHash('sha256').update('claimed').digest('hex').slice(0, 32);
    const claim = { Bucket: bucket, Key: `in/here/.strata/claim_${hash}` };
    const dead = { ...thisOwner(), pid: 2 ** 22 + 1, began: '1', id: 'dead' };
    await client.send(new PutObjectCommand({ ...claim, Body: JSON.stringify(dead) }));
    await direct.create('claimed', streamOf('a'));
    const own = { Bucket: bucket, Prefix: 'in/here/.strata/' };
    const { Contents = [] } = await client.send(new ListObjectsV2Command(own));
    const names = Contents.map(({ Key = '' }) => Key.slice(own.Prefix.length));
    expect(names).toEqual(['probe', 'probe_copy', 'probe_parts']);
  });
});

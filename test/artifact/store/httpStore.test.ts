import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { httpStore } from '../../../artifact/store/httpStore.ts';
import { localStore } from '../../../artifact/store/localStore.ts';
import { busy, cut, type Relay, sound, stalled, startRelay } from '../../support/relay.ts';
import { listed, someBytes, streamOf } from './storeParts.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-http-'));
const large = someBytes(3_000_000);

/** What a server does otherwise than others. */
interface Habits {
  ranges?: boolean;
  index?: 'html' | 'json' | 'none';
  headers?: Record<string, string>;
  login?: string;
}

/** A web server for a folder, as nginx is one. */
async function serve(habits: Habits = {}): Promise<{ url: string; port: number }> {
  const server = http.createServer((request, response) => answer(habits, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd.push(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/repository`, port };
}

const onEnd: (() => unknown)[] = [];

function answer(habits: Habits, request: http.IncomingMessage, response: http.ServerResponse): void {
  const { login } = habits;
  const [, rest = ''] = /^\/repository\/([^?]*)$/.exec(request.url ?? '') ?? [];
  const file = path.join(folder, rest);
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  const asked = request.headers.authorization ?? '';
  if (login !== undefined && asked !== `Basic ${Buffer.from(login).toString('base64')}`) end(response, 401);
  else if (stat === undefined) end(response, 404);
  else if (stat.isDirectory()) index(habits, file, request, response);
  else sendFile(habits, file, stat, request, response);
}

function sendFile(
  { ranges = true, headers = {} }: Habits,
  file: string,
  stat: fs.Stats,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const from = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1) : -1;
  const bytes = fs.readFileSync(file).subarray(Math.max(0, from));
  if (from >= 0) response.setHeader('content-range', `bytes ${from}-${stat.size - 1}/${stat.size}`);
  response.writeHead(from >= 0 ? 206 : 200, {
    'content-length': bytes.length,
    'last-modified': stat.mtime.toUTCString(),
    etag: `"${stat.mtimeMs}-${stat.size}"`,
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function end(response: http.ServerResponse, status: number): void {
  response.writeHead(status).end();
}

function index(
  { index = 'html' }: Habits,
  file: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const names = fs
    .readdirSync(file, { withFileTypes: true })
    .map((one) => one.name + (one.isDirectory() ? '/' : ''));
  if (index === 'none') end(response, 403);
  else if (!request.url?.endsWith('/')) response.writeHead(301, { location: `${request.url}/` }).end();
  else if (index === 'json') {
    const list = names.map((name) => ({ name, type: name.endsWith('/') ? 'directory' : 'file' }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list));
  } else {
    const lines = ['../', '?sort=name', ...names].map((name) => `<a href="${name}">${name}</a> 7-Nov-2026`);
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<h1>Index</h1><pre>${lines.join('\n')}</pre>`);
  }
}

beforeAll(async () => {
  const store = localStore(folder);
  await store.create('shop/master/shop.tar.gz/1', streamOf(large), {
    metadata: { commit: 'abc', deploy_compat: '4' },
  });
  await store.create('shop/master/shop.tar.gz/10', streamOf('ten'));
  await store.create('shop-2/master/a/1', streamOf('one'));
  await store.swap('shop/master/shop.tar.gz/latest', '10\n', undefined);
});
afterAll(() => {
  for (const one of onEnd) one();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('a store on a web server', () => {
  it.each([{}, { ranges: false }])('reads objects, also from an offset on: %j', async (habits) => {
    const store = httpStore((await serve(habits)).url);
    const { head, body } = await store.get('shop/master/shop.tar.gz/1');
    expect(head).toMatchObject({ size: large.length, metadata: { commit: 'abc', deploy_compat: '4' } });
    expect((await buffer(body)).equals(large)).toBe(true);
    const part = await store.get('shop/master/shop.tar.gz/1', { start: 1_234_567 });
    expect((await buffer(part.body)).equals(large.subarray(1_234_567))).toBe(true);
    const none = await store.get('shop/master/shop.tar.gz/1', { start: large.length });
    expect(await text(none.body)).toBe('');
    const beyond = store.get('shop/master/shop.tar.gz/1', { start: large.length + 1 });
    await expect(beyond).rejects.toMatchObject({ code: 'invalid' });
  });

  it('says what is not there, folders among it', async () => {
    const store = httpStore((await serve()).url);
    expect(await store.head('shop/master/shop.tar.gz/3')).toBeUndefined();
    expect(await store.head('shop/master')).toBeUndefined();
    await expect(store.get('shop/none')).rejects.toMatchObject({ code: 'missing' });
    await expect(store.head('../secret')).rejects.toMatchObject({ code: 'invalid' });
  });

  it.each(['html', 'json'] as const)('lists what the server lists (%s)', async (kind) => {
    const store = httpStore((await serve({ index: kind })).url);
    expect(await listed(store, '', false)).toEqual({ keys: [], folders: ['shop-2', 'shop'] });
    expect(await listed(store)).toEqual(await listed(localStore(folder)));
    expect(await listed(store, 'none/')).toEqual({ keys: [], folders: [] });
  });

  it('says where it cannot be listed', async () => {
    const store = httpStore((await serve({ index: 'none' })).url);
    await expect(listed(store, 'shop/')).rejects.toMatchObject({
      code: 'unavailable',
      message: /cannot be listed/,
    });
  });

  it('cannot be written', async () => {
    const store = httpStore('https://example.invalid/repository');
    const refused = { code: 'unavailable', message: /can only be read/ };
    await expect(store.create('a', streamOf('a'))).rejects.toMatchObject(refused);
    await expect(store.copy('a', 'b')).rejects.toMatchObject(refused);
    await expect(store.swap('a', '', undefined)).rejects.toMatchObject(refused);
    await expect(store.delete('a')).rejects.toMatchObject(refused);
  });

  it('sends user and password, and shows neither', async () => {
    const { port } = await serve({ login: 'me:p@ss' });
    const at = `127.0.0.1:${port}/repository`;
    const store = httpStore(`http://me:p%40ss@${at}`);
    expect(store.url).toBe(`http://${at}/`);
    expect((await store.head('shop/master/shop.tar.gz/10'))?.size).toBe(3);
    const refused = httpStore(`http://${at}`).head('shop/master/shop.tar.gz/10');
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', message: /the server refuses \(401/ });
  });

  it('refuses a server that packs files on the way', async () => {
    const store = httpStore((await serve({ headers: { 'content-encoding': 'gzip' } })).url);
    const told = { code: 'unavailable', message: /turn compression off/ };
    await expect(store.head('shop/master/shop.tar.gz/10')).rejects.toMatchObject(told);
  });
});

describe('a network that does what networks do', () => {
  async function behindRelay(
    habits?: Habits,
  ): Promise<{ store: ReturnType<typeof httpStore>; relay: Relay }> {
    const { port } = await serve(habits);
    const relay = await startRelay({ host: '127.0.0.1', port });
    onTestFinished(() => relay.stop());
    return { store: httpStore(`http://127.0.0.1:${relay.port}/repository`, { idleMs: 300 }), relay };
  }

  it.each([{}, { ranges: false }])('goes on where a download was cut: %j', async (habits) => {
    const { store, relay } = await behindRelay(habits);
    relay.set(cut('server', 2_000_000, 2));
    const { body } = await store.get('shop/master/shop.tar.gz/1');
    expect((await buffer(body)).equals(large)).toBe(true);
  });

  it('waits for a server that is busy for a moment, and gives up on one that stays so', async () => {
    const { store, relay } = await behindRelay();
    relay.set(busy(2));
    expect((await store.head('shop/master/shop.tar.gz/10'))?.size).toBe(3);
    relay.set(busy());
    const told = { code: 'unavailable', message: /503 Slow Down, after 5 tries/ };
    await expect(store.head('shop/master/shop.tar.gz/10')).rejects.toMatchObject(told);
  });

  it('gives up on a server that does not answer, or stops in the midst', async () => {
    const { store, relay } = await behindRelay();
    const { body } = await store.get('shop/master/shop.tar.gz/1');
    relay.set(stalled);
    await expect(buffer(body)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(store.head('shop/master/shop.tar.gz/1')).rejects.toMatchObject({ code: 'unavailable' });
    const left = store.head('shop/master/shop.tar.gz/1', { signal: AbortSignal.timeout(50) });
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    relay.set(sound);
    expect((await store.head('shop/master/shop.tar.gz/10'))?.size).toBe(3);
  });

  it('says that there is no server', async () => {
    const told = { code: 'unavailable', message: /no connection \(.*ECONNREFUSED.*after 5 tries/ };
    await expect(httpStore('http://127.0.0.1:1/').head('a')).rejects.toMatchObject(told);
  });

  it('refuses to go on with a file that was replaced meanwhile', async () => {
    const { store, relay } = await behindRelay();
    const file = path.join(folder, 'moving');
    fs.writeFileSync(file, someBytes(2_000_000, 1));
    relay.set(cut('server', 1_000_000, 1));
    const { body } = await store.get('moving');
    fs.writeFileSync(`${file}.new`, someBytes(2_000_000, 2));
    fs.utimesSync(`${file}.new`, 1, 1);
    fs.renameSync(`${file}.new`, file);
    await expect(buffer(body)).rejects.toMatchObject({ code: 'conflict' });
    fs.rmSync(file);
  });
});

import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { failureLimit } from '../../../agent/auth/failureLimit.ts';
import { isRoot, onSmallDisk } from '../../artifact/support/folders.ts';
import { raw, type TestDoor, testDoor } from '../support/door.ts';
import { memoryAgent } from '../support/memoryAgent.ts';

/** Sends pieces one after the other, a pause between them, until the other side has had enough; what it said. */
function trickle(door: TestDoor, pieces: Iterable<string>, pauseMs: number): Promise<string> {
  const socket = net.connect(door.port, door.host);
  const all = pieces[Symbol.iterator]();
  let text = '';
  const timer = setInterval(() => {
    const { value, done } = all.next();
    if (done !== true) socket.write(value);
  }, pauseMs);
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return new Promise((resolve) => {
    socket
      .on('error', () => {})
      .on('close', () => {
        clearInterval(timer);
        resolve(text);
      });
  });
}

function* headers(): Generator<string> {
  yield 'GET /v1/health HTTP/1.1\r\nHost: a\r\n';
  for (let at = 0; ; at++) yield `X-${at}: a\r\n`;
}

function* body(token: string): Generator<string> {
  yield `POST /v1/plan HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{`;
  for (;;) yield ' ';
}

function* chunks(token: string): Generator<string> {
  yield `POST /v1/plan HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
  for (;;) yield '1\r\n \r\n';
}

describe('a client that is slow on purpose', () => {
  it.each<[string, (token: string) => Iterable<string>]>([
    ['in its headers', headers],
    ['in its body', body],
    ['in the chunks of its body', chunks],
  ])('%s is cut off, though something comes all the time', async (_, pieces) => {
    const door = await testDoor({ config: 'limits: {requestTime: 400ms}' });
    const answer = await trickle(door, pieces(door.token()), 20);
    expect(answer).toMatch(/^(HTTP\/1\.1 40[08] |$)/);
    expect((await door.ask('GET', '/v1/health')).status).toBe(200);
    expect(door.log).toEqual([]);
  });

  it('in taking answers is cut off, also without a token', async () => {
    const door = await testDoor({ config: 'limits: {slowReader: 200ms}' });
    const socket = net.connect(door.port, door.host);
    await once(socket, 'connect');
    socket.pause().on('error', () => {});
    const many = 'GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1000);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    // Nobody reads, so what the two kernels hold is full sooner or later.
    const send = () => {
      while (!socket.destroyed && socket.write(many));
      if (!socket.destroyed) socket.once('drain', send);
    };
    send();
    const cut = () => door.open.connections().then((count) => count);
    await expect.poll(cut, { timeout: 20_000, interval: 50 }).toBe(0);
    socket.destroy();
    await closed;
    expect((await door.ask('GET', '/v1/health')).status).toBe(200);
  }, 30_000);
});

describe('many connections', () => {
  it('beyond the limit are let go, and those that were there are answered', async () => {
    const door = await testDoor({ config: 'limits: {connections: 50, requestTime: 20s}' });
    const sockets = Array.from({ length: 300 }, () => net.connect(door.port, door.host));
    const fates = sockets.map(
      (socket) =>
        new Promise<string>((resolve) => {
          socket.on('error', () => resolve('gone')).on('close', () => resolve('gone'));
          socket.once('data', () => resolve('answered'));
          socket.write('GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n');
        }),
    );
    const all = await Promise.all(fates);
    for (const socket of sockets) socket.destroy();
    expect(all.filter((one) => one === 'answered').length).toBeGreaterThanOrEqual(50);
    expect(all).toContain('gone');
    await expect.poll(async () => (await door.ask('GET', '/v1/health')).status).toBe(200);
  });

  it('that are closed half, or never say anything, are not kept', async () => {
    const door = await testDoor({ config: 'limits: {requestTime: 300ms}' });
    const ends = ['', 'GET /v1/he', 'GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n'].map((bytes) =>
      raw(door, bytes, { ends: true }),
    );
    const silent = raw(door, '');
    await Promise.all([...ends, silent]);
    await expect.poll(() => door.open.connections()).toBe(0);
  });
});

describe('several requests in one go', () => {
  const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
  const end = 'Connection: close\r\n';
  const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, one]) => one);

  it('are answered in their order, each by its own rights', async () => {
    const door = await testDoor();
    const auth = `Authorization: Bearer ${door.token()}\r\n`;
    const answer = await raw(
      door,
      get('/v1/apps', auth) + get('/v1/apps') + get('/v1/health') + get('/v1/apps/shop', auth + end),
    );
    expect(statuses(answer)).toEqual(['200', '401', '200', '200']);
  });

  it('end behind one whose body nobody wanted', async () => {
    const door = await testDoor();
    const smuggled = get('/v1/apps', `Authorization: Bearer ${door.token()}\r\n`);
    const answer = await raw(
      door,
      `POST /v1/plan HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length + 100000}\r\n\r\n${smuggled}`,
    );
    expect(statuses(answer)).toEqual(['401']);
  });

  it.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n'],
    ['chunks twice', 'Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n'],
    ['chunks that are not last', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['chunks in other words', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['chunks behind a blank', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
    ['chunks on a folded line', 'Transfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n'],
    ['a length with a sign', 'Content-Length: +5\r\n\r\nabcde'],
    ['a length in hex', 'Content-Length: 0x5\r\n\r\nabcde'],
    ['a chunk of no length', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n0\r\n\r\n'],
    ['a chunk of a negative length', 'Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n0\r\n\r\n'],
    ['a chunk without its end', 'Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n'],
    ['a line that ends with LF', 'X: a\n\nGET /v1/apps HTTP/1.1\r\n\r\n'],
  ])('that hide one behind %s are refused as a whole', async (_, rest) => {
    const door = await testDoor({ config: 'limits: {requestTime: 300ms}' });
    const auth = `Authorization: Bearer ${door.token()}\r\n`;
    const hidden = get('/v1/apps/shop/config', auth + end);
    const head = `POST /v1/plan HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${auth}`;
    const answer = await raw(door, `${head}${rest}${hidden}`);
    expect(statuses(answer).filter((one) => one !== '400')).toEqual([]);
    expect(answer).not.toContain('sha256');
    expect(door.agent.asked).toEqual([]);
  });

  it.each(['CONNECT a:1', 'GET a:1', 'PRI *', 'OPTIONS *', 'TRACE /v1/apps', 'BREW /v1/apps'])(
    '%s is nothing',
    async (start) => {
      const door = await testDoor();
      const answer = await raw(door, `${start} HTTP/1.1\r\nHost: a\r\n${end}\r\n`);
      expect(answer).toMatch(/^(HTTP\/1\.1 40[0145] |$)/);
      const upgrade = 'Connection: Upgrade, close\r\nUpgrade: websocket\r\n';
      expect(await raw(door, get('/v1/apps', upgrade))).toMatch(/^(HTTP\/1\.1 401 |$)/);
      expect((await door.ask('GET', '/v1/health')).status).toBe(200);
    },
  );
});

describe('who somebody says they are', () => {
  it('counts on the socket alone', async () => {
    const door = await testDoor();
    const token = door.token({ name: 'ann' });
    const headers = { 'strata-user': 'root' };
    await door.ask('POST', '/v1/apps/shop/gc', { token, headers, body: {} });
    await door.ask('POST', '/v1/apps/shop/gc', { socket: true, headers, body: {} });
    await door.ask('POST', '/v1/apps/shop/gc', { socket: true, body: {} });
    const who = door.audit().filter(({ what }) => what === 'asked');
    expect(who.map(({ who, from }) => [who, from])).toEqual([
      ['ann', '127.0.0.1'],
      ['root (socket)', 'socket'],
      ['socket', 'socket'],
    ]);
  });

  it.each(['a b', 'a'.repeat(65), 'ann (socket)', 'a\tb', 'a"b', 'é'])(
    'is refused where the audit log could not tell it: %j',
    async (user) => {
      const door = await testDoor();
      const headers = { 'strata-user': Buffer.from(user).toString('latin1') };
      const reply = await door.ask('POST', '/v1/apps/shop/gc', { socket: true, headers, body: {} });
      expect(reply).toMatchObject({ status: 400, json: { code: 'invalid' } });
      expect(door.audit()).toEqual([]);
    },
  );

  it('is where it came from, also when it is gone', async () => {
    const agent = memoryAgent();
    let begun = () => {};
    let goOn = () => {};
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const mayGoOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const gc = agent.gc;
    agent.gc = async (...given) => {
      begun();
      await mayGoOn;
      return gc(...given);
    };
    const door = await testDoor({ agent });
    const headers = { authorization: `Bearer ${door.token({ name: 'ann' })}` };
    const request = http.request({
      host: door.host,
      port: door.port,
      path: '/v1/apps/shop/gc',
      method: 'POST',
      headers,
    });
    request.on('error', () => {}).end();
    await isBegun;
    request.destroy();
    await expect.poll(() => door.open.connections()).toBe(0);
    goOn();
    await expect.poll(() => door.audit().length).toBe(2);
    expect(door.audit().map(({ who, from }) => [who, from])).toEqual([
      ['ann', '127.0.0.1'],
      ['ann', '127.0.0.1'],
    ]);
  });
});

describe('what is written down', () => {
  it('has no token in it, wherever one was put', async () => {
    const door = await testDoor();
    const token = door.token({ scopes: ['deploy'] });
    const secret = token.slice(-43);
    await door.ask('POST', `/v1/deployments?token=${token}`, { token, body: { app: 'shop' } });
    await door.ask('POST', `/v1/apps/shop/gc?token=${token}`, { token, body: {} });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const asked = door.ask('POST', '/deploy/blog', { token, headers: form, body: `user=${token}` });
    await expect.poll(() => door.audit().length).toBe(3);
    door.agent.happen('d2', { type: 'end', result: 'done' });
    await asked;
    const written = ['audit.log', 'refused.log'].map((name) =>
      fs.readFileSync(`${door.state}/${name}`, 'utf8'),
    );
    expect(written.join()).toContain('token=strata_');
    expect(written.join()).not.toContain(secret);
    expect(JSON.stringify([door.audit(), door.refused()])).not.toContain(secret);
  });

  it('of who is turned away is short, and pushes out nothing of what was done', async () => {
    const door = await testDoor({ config: 'limits: {failures: 100000}' });
    await door.ask('POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
    const token = door.token({ scopes: ['read'] });
    for (let at = 0; at < 20; at++) {
      await door.ask('POST', `/v1/apps/shop/gc?${'x'.repeat(10_000)}`, { token, body: {} });
    }
    expect(door.audit().map(({ what }) => what)).toEqual(['asked', 'answered']);
    expect(door.refused()).toHaveLength(20);
    expect(fs.statSync(`${door.state}/refused.log`).size).toBeLessThan(20 * 1000);
  });

  // Only root may mount a small disk: run the tests as root to have this.
  it.skipIf(!isRoot)('is the condition: on a full disk nothing is changed, and no line is half', async () => {
    await onSmallDisk(128 * 1024, async (folder) => {
      const door = await testDoor({ folder });
      const token = door.token();
      const gc = () => door.ask('POST', '/v1/apps/shop/gc', { token, body: {} });
      expect((await gc()).status).toBe(200);
      const fill = `${folder}/fill`;
      fs.writeFileSync(fill, '');
      // To the last byte, so that a line fits in part.
      for (const size of [4096, 1]) {
        try {
          for (;;) fs.appendFileSync(fill, Buffer.alloc(size));
        } catch {}
      }
      const replies = [];
      while (replies.at(-1)?.status !== 503 && replies.length < 200) replies.push(await gc());
      expect(replies.at(-1)).toMatchObject({ status: 503, json: { code: 'unavailable' } });
      expect(replies.at(-1)?.json.detail).toContain('ENOSPC');
      expect((await door.ask('GET', '/v1/apps', { token })).status).toBe(200);
      fs.rmSync(fill);
      expect((await gc()).status).toBe(200);
      expect(door.audit().at(-1)).toMatchObject({ what: 'answered', status: 200 });
      await door.open.close(0);
    });
  });
});

describe('the health of an agent', () => {
  it.each(['POST', 'PUT', 'DELETE'])('is nobody’s to %s', async (method) => {
    const door = await testDoor();
    expect((await door.ask(method, '/v1/health')).status).toBe(401);
    expect((await door.ask(method, '/v1/health', { socket: true })).status).toBe(405);
  });
});

describe('limits that were read again', () => {
  it('count for connections to come', async () => {
    const door = await testDoor({ config: 'limits: {headerBytes: 8kB, failures: 3}' });
    const long = { 'x-long': 'a'.repeat(5000) };
    const token = door.token();
    expect((await door.ask('GET', '/v1/apps', { token, headers: long })).status).toBe(200);
    door.reload('limits: {headerBytes: 4kB, failures: 1, requestTime: 300ms}');
    expect((await door.ask('GET', '/v1/apps', { token, headers: long })).status).toBe(431);
    expect(await raw(door, 'GET /v1/health HTTP/1.1\r\nHos')).toContain('408');
    expect((await door.ask('GET', '/v1/apps', { token: 'wrong' })).status).toBe(401);
    expect((await door.ask('GET', '/v1/apps', { token })).status).toBe(429);
  });

  it('count for wrong tokens at once', () => {
    let most = 2;
    const limit = failureLimit(
      () => most,
      () => 0,
    );
    limit.note('a');
    expect(limit.wait('a')).toBe(0);
    most = 1;
    expect(limit.wait('a')).toBeGreaterThan(0);
  });
});

describe('a stream of events', () => {
  it('says over the wire that it lives', async () => {
    const door = await testDoor({ heartbeatMs: 20 });
    await door.ask('POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
    const socket = net.connect({ path: door.socket });
    socket.setEncoding('utf8');
    socket.write('GET /v1/deployments/d1/events HTTP/1.1\r\nHost: a\r\n\r\n');
    let text = '';
    while ((text.match(/^:$/gm) ?? []).length < 3) text += (await once(socket, 'data'))[0];
    expect(text).toContain('event: state\n');
    door.agent.happen('d1', { type: 'end', result: 'done' });
    while (!text.includes('event: end\n')) text += (await once(socket, 'data'))[0];
    socket.destroy();
  });
});

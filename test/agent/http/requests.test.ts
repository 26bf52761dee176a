import net from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { raw, type TestDoor, testDoor } from '../support/door.ts';

let door: TestDoor;
beforeAll(async () => {
  door = await testDoor({ config: 'limits: {requestTime: 300ms, bodyBytes: 2kB, headerBytes: 4kB}' });
});

/** The status and the code of an answer as it came over the wire. */
function told(answer: string): string {
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  return `${status} ${JSON.parse(body).code}`;
}

const post = (body: unknown, headers: Record<string, string> = {}, path = '/v1/deployments') =>
  door.ask('POST', path, { socket: true, body, headers });

describe('what is no request', () => {
  it.each([
    ['GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n', '400 invalid'],
    ['\x16\x03\x01\x02\x00\x01\x00\x01', '400 invalid'],
    ['GET /v1/health HTTP/1.1\r\n\r\n', '400 invalid'],
    ['GET http://evil/v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', '400 invalid'],
    ['GET //evil/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', '401 unauthenticated'],
    [`GET /${'a'.repeat(5000)} HTTP/1.1\r\nHost: a\r\n\r\n`, '431 invalid'],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(5000)}\r\n\r\n`, '431 invalid'],
    [
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400 invalid',
    ],
    ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', '400 invalid'],
    ['GET / HTTP/1.1\r\nHost: a\r\nExpect: cake\r\n\r\n', '417 invalid'],
  ])('%j', async (bytes, expected) => {
    // A server that keeps the connection open would hold this up: the answer has to end it.
    const closing = bytes.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
    const sent = expected.startsWith('4') && bytes.startsWith('GET /v1/health') ? closing : bytes;
    expect(told(await raw(door, sent))).toBe(expected);
  });

  it.each([
    ['nothing at all', ''],
    ['half of a header', 'GET /v1/health HTT'],
    ['half of a body', 'POST /v1/plan HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"a'],
  ])('%s is waited for, and no longer than allowed', async (_, bytes) => {
    const token = `Authorization: Bearer ${door.token()}\r\n`;
    const answer = await raw(door, bytes.replace('Host: a\r\n', `Host: a\r\n${token}`));
    expect(told(answer)).toMatch(/^40[08] invalid$/);
  });

  it('a client that only ends its half still gets its answer', async () => {
    const answer = await raw(door, 'GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n', { ends: true });
    expect(answer).toContain('{"status":"ok"}');
  });

  it('one that goes away in the middle leaves nothing', async () => {
    await new Promise<void>((resolve) => {
      const socket = net.connect(door.port, door.host, () => {
        socket.write('POST /v1/plan HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"a', () =>
          socket.resetAndDestroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    expect((await door.ask('GET', '/v1/health')).status).toBe(200);
    expect(door.log).toEqual([]);
  });
});

describe('methods and media types', () => {
  it.each([
    ['GET', '/', 404],
    ['GET', '/v1', 404],
    ['GET', '/v1/apps/', 404],
    ['GET', '/v1/apps/shop/', 404],
    ['GET', '/v1/apps/shop/releases', 404],
    ['GET', '/v1/../v1/apps/shop/nothing', 404],
    ['PUT', '/v1/apps', 405],
    ['DELETE', '/v1/apps/shop', 405],
    ['OPTIONS', '/v1/apps', 405],
    ['GET', '/v1/plan', 405],
    ['POST', '/v1/health', 405],
    ['GET', '/v1/apps/%zz', 400],
    ['GET', '/v1/apps/%2e%2e%2fetc', 400],
    ['GET', '/v1/apps/shop%00', 400],
    ['GET', '/v1/apps/latest', 400],
    ['GET', '/v1/deployments/a%20b', 400],
    ['GET', '/v1/deployments/nope', 404],
    ['GET', '/v1/apps/nope', 404],
    ['GET', '/v1/deployments?limit=-1', 400],
    ['GET', '/v1/deployments?limit=1e3', 400],
    ['GET', '/v1/deployments?app=..', 400],
  ])('%s %s is %i', async (method, path, status) => {
    const reply = await door.ask(method, path, { socket: true });
    expect(reply.status).toBe(status);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.json).toMatchObject({ type: 'about:blank', status });
    if (status === 405) expect(reply.headers.allow).toMatch(/^(GET, HEAD|POST)$/);
  });

  it('HEAD answers as GET without the body', async () => {
    const reply = await door.ask('HEAD', '/v1/apps', { socket: true });
    expect(reply).toMatchObject({ status: 200, text: '' });
    expect(Number(reply.headers['content-length'])).toBeGreaterThan(10);
  });

  it.each([
    ['application/json', 200],
    ['application/*;q=0.5, text/html', 200],
    ['*/*', 200],
    ['text/html', 406],
    ['application/json;q=0', 406],
  ])('Accept: %s', async (accept, status) => {
    const reply = await door.ask('GET', '/v1/apps', { socket: true, headers: { accept } });
    expect(reply.status).toBe(status);
  });

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['', 415],
    ['application/json; charset=utf-8', 202],
  ])('Content-Type: %s', async (type, status) => {
    const body = { app: 'shop', busy: 'wait' };
    expect((await post(body, { 'content-type': type })).status).toBe(status);
  });

  it('a packed body', async () => {
    expect((await post({ app: 'shop' }, { 'content-encoding': 'gzip' })).status).toBe(415);
  });
});

describe('bodies', () => {
  it.each<[unknown, string]>([
    ['{', 'the body is no JSON'],
    ['[]', 'the body must be a JSON object'],
    ['null', 'the body must be a JSON object'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'the body is no JSON'],
    [{}, '`app` is missing'],
    ['', '`app` is missing'],
    [{ app: 1 }, '`app` must be text'],
    [{ app: ['shop'] }, '`app` must be text'],
    [{ app: 'shop', verison: '1' }, '"verison" is not known here'],
    ['{"app": "shop", "__proto__": {}}', '"__proto__" is not known here'],
    [{ app: 'shop', force: 'yes' }, '`force` must be true or false'],
    [{ app: 'shop', busy: 'maybe' }, '`busy` must be wait or refuse'],
    [{ app: 'shop', plan: 'a\nb' }, '`plan` must be the digest of a plan'],
  ])('%j is refused', async (body, message) => {
    const before = door.agent.asked.length;
    const reply = await post(body);
    expect(reply).toMatchObject({ status: 400, json: { code: 'invalid' } });
    expect(reply.json.detail).toContain(message);
    expect(door.agent.asked).toHaveLength(before);
  });

  it('of too many bytes are refused, announced or not', async () => {
    const body = JSON.stringify({ app: 'shop', version: 'a'.repeat(3000) });
    expect(await post(body)).toMatchObject({ status: 413, json: { code: 'invalid' } });
    expect((await post(body, { 'transfer-encoding': 'chunked' })).status).toBe(413);
  });

  it('are not sent in vain by who asks first', async () => {
    const token = door.token();
    const head = (more: string) =>
      `POST /v1/plan HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n${more}Expect: 100-continue\r\nConnection: close\r\n\r\n`;
    const type = 'Content-Type: application/json\r\n';
    expect(told(await raw(door, head(`${type}Content-Length: 5000\r\n`)))).toBe('413 invalid');
    const answer = await raw(door, `${head(`${type}Content-Length: 14\r\n`)}{"app":"shop"}`);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  });

  it('an Idempotency-Key of any length is not', async () => {
    const body = { app: 'shop', busy: 'wait' };
    expect((await post(body, { 'idempotency-key': 'k'.repeat(201) })).status).toBe(400);
    expect((await post(body, { 'idempotency-key': 'a b' })).status).toBe(400);
    const first = await post(body, { 'idempotency-key': 'k' });
    const again = await post(body, { 'idempotency-key': 'k' });
    expect(first).toMatchObject({ status: 202, headers: { location: `/v1/deployments/${first.json.id}` } });
    expect(again.json.id).toBe(first.json.id);
  });
});

describe('failures', () => {
  it('come with their code, their status and what belongs to them', async () => {
    const own = await testDoor();
    const body = { app: 'shop' };
    await own.ask('POST', '/v1/deployments', { socket: true, body });
    const reply = await own.ask('POST', '/v1/deployments', { socket: true, body });
    expect({ ...reply.json }).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'shop is being deployed',
      code: 'busy',
      owner: { deployment: 'd1', user: 'socket', since: 1, what: 'deploy shop' },
    });
  });

  it('that nobody foresaw tell nothing of the inside, but the log', async () => {
    const reply = await post({ app: 'broken' });
    expect(reply).toMatchObject({ status: 500, json: { code: 'failed' } });
    expect(reply.text).not.toContain('secret');
    expect(door.log.join()).toContain('a secret of the inside');
    expect(door.log.join()).toContain(String(reply.headers['x-request-id']));
  });
});

describe('connections', () => {
  it('are no more than allowed; the socket has its own', async () => {
    const own = await testDoor({ config: 'limits: {connections: 2}' });
    const sockets = [1, 2].map(() => net.connect(own.port, own.host));
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    // Both are known to the server once it has answered on them.
    for (const socket of sockets) {
      const answered = new Promise((resolve) => socket.once('data', resolve));
      socket.write('GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n');
      await answered;
    }
    expect(await raw(own, 'GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('');
    expect((await own.ask('GET', '/v1/health', { socket: true })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });
});

describe('what the agent tells', () => {
  it('of itself to those whom it knows', async () => {
    const { json } = await door.ask('GET', '/v1/health', { token: door.token() });
    expect(json).toMatchObject({
      status: 'ok',
      version: '9.9.9',
      hostname: 'box1',
      environment: 'qa',
      cluster: null,
    });
    expect(Math.abs(json.time - Date.now())).toBeLessThan(60_000);
  });

  it('to Prometheus', async () => {
    const { text, headers } = await door.ask('GET', '/v1/metrics', { socket: true });
    expect(headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(text).toContain('strata_agent_info{version="9.9.9",environment="qa",cluster=""} 1\n');
    expect(text).toContain('strata_agent_app_live{app="shop",version="1"} 1\n');
    const line = /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+]+)$/;
    for (const one of text.trimEnd().split('\n')) expect(one).toMatch(line);
  });
});

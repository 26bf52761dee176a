import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../../agent/certificate/selfSigned.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import { RemoteError } from '../../remote/failure.ts';
import { openAgent } from '../../remote/openAgent.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { type TestDoor, testDoor } from '../agent/support/door.ts';
import { writeFiles } from '../support/workspaceFiles.ts';
import { newRelay } from './support/relay.ts';

const never = new AbortController().signal;

/** A door, and the agent behind it as others ask it. */
async function remoteDoor(): Promise<{ door: TestDoor; remote: RemoteAgent; token: string }> {
  const door = await testDoor();
  const token = door.token();
  return { door, token, remote: openAgent({ name: 'b1', url: urlOf(door) }, { token }) };
}

/** A door with a certificate of its own, which wants one of those that are given. */
async function tlsDoor(clients?: string): Promise<{ door: TestDoor; fingerprint: string }> {
  const folder = writeFiles('');
  const write = (name: string, text: string) => {
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    return path.join(folder, name);
  };
  const made = selfSigned(['localhost'], 9, Date.now());
  const own = [
    `key: "${write('key.pem', made.key)}"`,
    `certificate: "${write('cert.pem', made.certificate)}"`,
  ];
  const theirs = clients === undefined ? [] : [`clientCertificates: "${write('clients.pem', clients)}"`];
  const door = await testDoor({
    listen: ['address: "127.0.0.1:0", tls: true', ...own, ...theirs].join(', '),
  });
  return { door, fingerprint: new X509Certificate(made.certificate).fingerprint256 };
}

const urlOf = ({ host, port }: { host: string; port: number }) => `http://${host}:${port}`;

/** The error that a promise is rejected with. */
async function failure(promise: Promise<unknown>): Promise<RemoteError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(RemoteError);
  return error;
}

async function take(events: AsyncIterable<DeploymentEvent>): Promise<DeploymentEvent[]> {
  const all: DeploymentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const servers: net.Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Something that is no agent. */
async function impostor(answer: http.RequestListener): Promise<RemoteAgent> {
  const server = http.createServer(answer);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return openAgent({ name: 'b1', url: `http://127.0.0.1:${port}` }, {}, { answerMs: 2000, silenceMs: 300 });
}

describe('a remote agent', () => {
  it('does what it is asked', async () => {
    const { remote, door } = await remoteDoor();
    expect(await remote.apps(never)).toMatchObject([{ app: 'shop', live: '1' }]);
    expect(await remote.app('shop', never)).toMatchObject({ app: 'shop', running: null });
    expect(await remote.config('shop', never)).toEqual({ shop: { password: 'sha256:1' } });
    expect(await remote.plan({ app: 'shop', version: '3' }, never)).toMatchObject({ from: '1', to: '3' });
    const started = await remote.deploy({ app: 'shop', version: '3' }, 'key-1', never);
    expect(started).toMatchObject({ id: 'd1', state: 'accepted', version: '3' });
    expect((await remote.deploy({ app: 'shop', version: '3' }, 'key-1', never)).id).toBe('d1');
    expect(await remote.deployments({ app: 'shop', limit: 1 }, never)).toMatchObject([{ id: 'd1' }]);
    expect(await remote.cancel('d1', never)).toMatchObject({ id: 'd1', result: 'failed' });
    expect(await remote.deployment('d1', never)).toMatchObject({ result: 'failed', reason: 'cancelled' });
    const events = await take(remote.events('d1', 0, { follow: true, signal: never }));
    expect(events.map(({ type }) => type)).toEqual(['state', 'end']);
    expect(await take(remote.events('d1', 2, { follow: true, signal: never }))).toEqual([]);
    expect(door.agent.asked).toHaveLength(1);
  });

  it('is asked through its socket without a token, by name', async () => {
    const { door } = await remoteDoor();
    const remote = openAgent({ name: 'b1', url: `unix:${door.socket}` }, {});
    const { user } = await remote.deploy({ app: 'shop' }, 'k', never);
    expect(user).toMatch(/^\S+ \(socket\)$/);
    const none = openAgent({ name: 'b1', url: `unix:${door.socket}.none` }, {});
    expect(await failure(none.apps(never))).toMatchObject({
      code: 'unreachable',
      message: 'nothing listens there: is the agent running?',
    });
  });

  it('is known by its fingerprint', async () => {
    const { door, fingerprint } = await tlsDoor();
    const url = `https://127.0.0.1:${door.port}`;
    const token = door.token();
    const asked = (credentials: object) => openAgent({ name: 'b1', url }, { token, ...credentials });
    expect(await asked({ fingerprint }).apps(never)).toHaveLength(1);
    expect(await failure(asked({}).apps(never))).toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining('nobody stands for its certificate'),
    });
    const other = fingerprint.replace(/^../, (two) => (two === '00' ? '11' : '00'));
    const swapped = asked({ fingerprint: other });
    expect(await failure(swapped.deploy({ app: 'shop' }, 'k', never))).toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining('somebody may be in between'),
      isInDoubt: false,
    });
    const following = take(swapped.events('d1', 0, { follow: true, signal: never }));
    expect(await failure(following)).toMatchObject({ code: 'untrusted' });
  });

  it('is shown a certificate where it wants one', async () => {
    const [ours, other] = [1, 2].map(() => selfSigned(['ann'], 9, Date.now()));
    const { door, fingerprint } = await tlsDoor(ours!.certificate);
    const [url, token] = [`https://127.0.0.1:${door.port}`, door.token()];
    const asked = (pair: typeof ours) => {
      const certificate = pair && { text: pair.certificate, key: pair.key };
      return openAgent({ name: 'b1', url }, { token, fingerprint, ...(certificate && { certificate }) });
    };
    expect(await asked(ours).apps(never)).toHaveLength(1);
    expect(await failure(asked(undefined).apps(never))).toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining('it wants a certificate of ours'),
    });
    // Why is for the agent's log alone.
    expect((await failure(asked(other).apps(never))).code).toBe('unreachable');
  });

  it('is sent no token that cannot be one', async () => {
    const { door } = await remoteDoor();
    const remote = openAgent({ name: 'b1', url: urlOf(door) }, { token: 'a\r\nb' });
    expect((await failure(remote.apps(never))).code).toBe('unauthenticated');
  });

  it('tells why it does not do it', async () => {
    const { door, remote } = await remoteDoor();
    const anonymous = openAgent({ name: 'b1', url: urlOf(door) }, {});
    expect(await failure(anonymous.apps(never))).toMatchObject({
      ...{ box: 'b1', code: 'unauthenticated' },
      message: 'it wants a token: set STRATA_TOKEN, or write it into the file of credentials',
    });
    const wrong = openAgent({ name: 'b1', url: urlOf(door) }, { token: 'strata_x_y' });
    expect((await failure(wrong.apps(never))).message).toContain('does not take the token');
    const reader = openAgent({ name: 'b1', url: urlOf(door) }, { token: door.token({ scopes: ['read'] }) });
    expect((await failure(reader.deploy({ app: 'shop' }, 'k', never))).code).toBe('forbidden');
    expect((await failure(remote.app('none', never))).code).toBe('missing');
    expect((await failure(remote.deployment('d9', never))).code).toBe('missing');
    await remote.deploy({ app: 'shop' }, 'a', never);
    expect(await failure(remote.deploy({ app: 'shop' }, 'b', never))).toMatchObject({
      code: 'busy',
      owner: { deployment: 'd1', what: 'deploy shop' },
    });
    const gone = take(remote.events('d9', 0, { follow: true, signal: never }));
    expect((await failure(gone)).code).toBe('missing');
  });

  it.each([
    ['nothing of the kind', (_, response) => response.end('{}'), 'confused', 'not known here'],
    ['no JSON', (_, response) => response.end('hello'), 'confused', 'not known here'],
    [
      'another web page',
      (_, response) => response.writeHead(404).end('<p>'),
      'confused',
      'answered with 404',
    ],
    ['a proxy', (_, response) => response.writeHead(502).end('<p>'), 'unavailable', 'answered with 502'],
    ['no HTTP', ({ socket }) => socket.end('SSH-2.0-OpenSSH\r\n'), 'confused', ''],
    ['an end', ({ socket }) => socket.destroy(), 'unreachable', 'broken off'],
    ['half an answer', (_, response) => response.write('{"apps":'), 'unreachable', 'nothing came for 0.3 s'],
    [
      'an answer without an end',
      (_, response) => {
        const more = () =>
          void (response.write(Buffer.alloc(1 << 20)) ? setImmediate(more) : response.once('drain', more));
        more();
      },
      ...['confused', 'too long'],
    ],
  ] as [string, http.RequestListener, string, string][])(
    'is not taken in by %s',
    async (_, answer, code, text) => {
      const error = await failure((await impostor(answer)).apps(never));
      expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    },
  );

  it('is given up when nobody waits any longer', async () => {
    const remote = await impostor(() => undefined);
    const stop = new AbortController();
    const asked = remote.apps(stop.signal);
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await expect(remote.apps(stop.signal)).rejects.toThrow('enough');
    const events = take(remote.events('d1', 0, { follow: true, signal: stop.signal }));
    await expect(events).rejects.toThrow('enough');
    expect(await failure(remote.apps(never))).toMatchObject({
      code: 'unreachable',
      message: 'no answer within 2 s',
    });
  });

  it('leaves no connection open', async () => {
    const { door, token } = await remoteDoor();
    const relay = await newRelay({ host: door.host, port: door.port });
    const remote = openAgent({ name: 'b1', url: relay.url }, { token });
    for (let at = 0; at < 20; at++) {
      await Promise.all(Array.from({ length: 10 }, () => remote.apps(never)));
      await failure(remote.deployment('d9', never));
    }
    for await (const _ of remote.events((await remote.deploy({ app: 'shop' }, 'k', never)).id, 0, {
      follow: true,
      signal: never,
    }))
      break;
    await expect.poll(() => relay.open()).toBe(0);
  });

  it('starts one deployment, however often the answer is lost', async () => {
    const { door, token } = await remoteDoor();
    const relay = await newRelay({ host: door.host, port: door.port });
    const remote = openAgent({ name: 'b1', url: relay.url }, { token });
    let count = 0;
    relay.cutAfter(() => (++count > 4 ? Number.POSITIVE_INFINITY : count * 20));
    expect(await remote.deploy({ app: 'shop' }, 'k', never)).toMatchObject({ id: 'd1' });
    expect(relay.cuts()).toBe(4);
    expect(door.agent.asked).toHaveLength(1);
  });
});

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { revokeTokens } from '../../agent/auth/tokenFiles.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import { RemoteError } from '../../remote/failure.ts';
import { openAgent } from '../../remote/openAgent.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { type TestDoor, testDoor } from '../agent/support/door.ts';
import { newRelay, type Relay } from './support/relay.ts';

const never = new AbortController().signal;
const line = (text: string) => ({ type: 'log', stage: 'prepare', stream: 'stdout', text }) as const;

/** A door with one deployment, `d1`, and its agent behind a relay; it is silent for 300 ms at most. */
async function deploying(): Promise<{ door: TestDoor; relay: Relay; remote: RemoteAgent }> {
  const door = await testDoor();
  await door.ask('POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
  const relay = await newRelay({ host: door.host, port: door.port });
  const token = door.token();
  const waits = { answerMs: 300, silenceMs: 300 };
  return { door, relay, remote: openAgent({ name: 'b1', url: relay.url }, { token }, waits) };
}

/** Events that are read one after the other, with what was told of the agent meanwhile. */
function reading(remote: RemoteAgent, options: { patienceMs?: number; follow?: boolean } = {}) {
  const told: string[] = [];
  let tellAway = () => {};
  const isAway = new Promise<void>((resolve) => {
    tellAway = resolve;
  });
  const events = remote
    .events('d1', 0, {
      ...{ follow: true, signal: never, ...options },
      away(reason) {
        told.push(`away: ${reason}`);
        tellAway();
      },
      back: () => void told.push('back'),
    })
    [Symbol.asyncIterator]();
  const next = async (): Promise<DeploymentEvent | undefined> => (await events.next()).value;
  return { told, next, isAway, stop: () => events.return?.() };
}

async function failureOf(promise: Promise<unknown>): Promise<RemoteError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(RemoteError);
  return error;
}

const servers: http.Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** What answers to each request for events with the next of some lists of lines. */
async function teller(answers: unknown[][]): Promise<RemoteAgent> {
  const server = http.createServer((_, response) => {
    const lines = answers.shift() ?? [];
    response.end(lines.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return openAgent({ name: 'b1', url: `http://127.0.0.1:${port}` }, {});
}

async function take(remote: RemoteAgent, after = 0): Promise<DeploymentEvent[]> {
  const all: DeploymentEvent[] = [];
  for await (const event of remote.events('d1', after, { follow: true, signal: never })) all.push(event);
  return all;
}

const log = (seq: number) => ({ ...line(`${seq}`), seq, time: seq });
const end = (seq: number) => ({ type: 'end', result: 'done', seq, time: seq });

describe('events of a remote agent', () => {
  it('go on where they were when a connection breaks', async () => {
    const { door, relay, remote } = await deploying();
    const { told, next } = reading(remote);
    expect(await next()).toMatchObject({ seq: 1, type: 'state' });
    for (let seq = 2; seq < 30; seq++) {
      if (seq % 3 === 0) relay.cut();
      door.agent.happen('d1', line(`${seq}`));
      expect(await next()).toMatchObject({ seq, text: `${seq}` });
    }
    relay.cut();
    door.agent.happen('d1', { type: 'end', result: 'done' });
    expect(await next()).toMatchObject({ seq: 30, type: 'end' });
    expect(await next()).toBeUndefined();
    // All of that was over before anybody could be told.
    expect(told).toEqual([]);
  });

  it('go on when the network is back that swallowed all', async () => {
    const { door, relay, remote } = await deploying();
    const { told, next } = reading(remote);
    await next();
    relay.swallow(true);
    const waiting = next();
    await expect.poll(() => told, { timeout: 5000 }).toEqual(['away: no answer within 0.3 s']);
    door.agent.happen('d1', line('a'));
    relay.swallow(false);
    expect(await waiting).toMatchObject({ seq: 2, text: 'a' });
    expect(told).toEqual(['away: no answer within 0.3 s', 'back']);
  });

  it('go on with the next agent', async () => {
    const { door, relay, remote } = await deploying();
    const { told, next, stop } = reading(remote);
    await next();
    relay.leadTo(undefined);
    await door.open.close(1000);
    const waiting = next();
    await expect.poll(() => told).toEqual([expect.stringMatching(/^away: /)]);
    const again = await testDoor({ agent: door.agent, folder: door.folder });
    relay.leadTo({ host: again.host, port: again.port });
    again.agent.happen('d1', line('a'));
    expect(await waiting).toMatchObject({ seq: 2, text: 'a' });
    expect(told).toHaveLength(2);
    await stop();
    await expect.poll(() => relay.open()).toBe(0);
  });

  it('are given up where the agent is away for too long', async () => {
    const { relay, remote } = await deploying();
    const { next } = reading(remote, { patienceMs: 400 });
    await next();
    relay.leadTo(undefined);
    relay.cut();
    expect((await failureOf(next())).code).toBe('unreachable');
  });

  it('end when the token is no longer taken', async () => {
    const { door, relay, remote } = await deploying();
    const { next } = reading(remote);
    await next();
    expect(revokeTokens(door.state, 'user1', Date.now())).toHaveLength(1);
    relay.cut();
    expect((await failureOf(next())).code).toBe('unauthenticated');
  });

  it('wait for a reader that takes its time', async () => {
    const { door, remote } = await deploying();
    const other = await deploying();
    for (let at = 0; at < 3; at++) door.agent.happen('d1', line('x'.repeat(500_000)));
    const { next, told } = reading(remote);
    await next();
    // Longer than an agent may be silent: somebody else gives theirs up meanwhile.
    const witness = reading(other.remote);
    await witness.next();
    other.relay.swallow(true);
    const waiting = witness.next();
    await witness.isAway;
    other.relay.swallow(false);
    other.door.agent.happen('d1', { type: 'end', result: 'done' });
    await waiting;
    door.agent.happen('d1', { type: 'end', result: 'done' });
    for (let seq = 2; seq <= 5; seq++) expect(await next()).toMatchObject({ seq });
    expect(told).toEqual([]);
  });

  it('that are there are all that is told where nobody follows', async () => {
    const { door, remote } = await deploying();
    door.agent.happen('d1', line('a'));
    const { next } = reading(remote, { follow: false });
    expect([await next(), await next(), await next()].map((one) => one?.seq)).toEqual([1, 2, undefined]);
  });

  it('come through gaps, pieces and lives', async () => {
    const gap = { type: 'gap', from: 2, to: 5, seq: 5, time: 5 };
    const remote = await teller([
      ['', log(1), '', gap],
      [],
      ['', { ...gap, from: 4, to: 7, seq: 7 }, end(8)],
    ]);
    expect((await take(remote)).map((one) => [one.type, one.seq, 'from' in one && one.from])).toEqual([
      ['log', 1, false],
      ['gap', 5, 2],
      ['gap', 7, 6],
      ['end', 8, false],
    ]);
  });

  it.each([
    ['one that was told', [log(1), log(1)], '1 came where 2 was to come'],
    ['one too far', [log(1), log(3)], '3 came where 2 was to come'],
    ['a gap that is too far', [{ type: 'gap', from: 3, to: 4, seq: 4, time: 1 }], '4 came where 1'],
    [
      'a gap that is over',
      [log(1), log(2), { type: 'gap', from: 1, to: 2, seq: 2, time: 1 }],
      '2 came where 3',
    ],
    ['one of another kind', [{ type: 'party', seq: 1, time: 1 }], 'is it a newer agent?'],
    ['what is none', ['{"seq":1'], 'not known here'],
  ])('are refused with %s', async (_, lines, message) => {
    const error = await failureOf(take(await teller([lines])));
    expect(error).toMatchObject({ code: 'confused', message: expect.stringContaining(message) });
  });
});

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { revokeTokens } from '../../agent/auth/tokenFiles.ts';
import type { AppStatus } from '../../protocol/appStatus.ts';
import { type BoxEvent, isBoxEvent } from '../../protocol/boxEvents.ts';
import { RemoteError } from '../../remote/failure.ts';
import { openAgent } from '../../remote/openAgent.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { newAgentBox } from '../agent/support/agentBox.ts';
import { runAgent } from '../agent/support/agentCommand.ts';
import { uploadApp } from '../agent/support/box.ts';
import { type RealDoor, realDoor } from '../agent/support/realDoor.ts';
import { newRelay } from './support/relay.ts';

/** Reads what a box tells, and stops with the test. */
function watching(remote: RemoteAgent) {
  const told: string[] = [];
  const stop = new AbortController();
  const events = remote
    .watch({
      signal: stop.signal,
      away: (reason) => void told.push(`away: ${reason}`),
      back: () => void told.push('back'),
    })
    [Symbol.asyncIterator]();
  const next = async (): Promise<BoxEvent> => {
    const { value, done } = await events.next();
    if (done === true) throw new Error('it ended');
    return value;
  };
  const until = async (isIt: (event: BoxEvent) => boolean): Promise<BoxEvent[]> => {
    const found: BoxEvent[] = [];
    for (;;) {
      const event = await next();
      found.push(event);
      if (isIt(event)) return found;
    }
  };
  return { told, next, until, stop: () => stop.abort(new Error('stopped')) };
}

const isCurrent = ({ type }: BoxEvent) => type === 'current';
const statusIn = (event: BoxEvent | undefined): AppStatus | undefined =>
  event?.type === 'app' ? event.status : undefined;
const isDone = (event: BoxEvent) => {
  const status = statusIn(event);
  return status?.last?.result === 'done' && status.running === null;
};

async function boxWith(...versions: string[]): Promise<{ box: RealDoor; remote: RemoteAgent }> {
  const box = await realDoor();
  await uploadApp(box, '1', {}, { app: 'configs' });
  for (const version of versions) await uploadApp(box, version);
  return { box, remote: remoteOf(box, box.door.token()) };
}

function remoteOf({ door }: RealDoor, token: string): RemoteAgent {
  return openAgent({ name: 'b1', url: `http://${door.host}:${door.port}` }, { token });
}

describe('a box that is watched', () => {
  it('tells what there is, and what becomes of it', async () => {
    const { box, remote } = await boxWith('1');
    const { next, until, stop } = watching(remote);
    expect(await next()).toEqual({ type: 'current' });
    await remote.deploy({ app: 'shop' }, randomUUID(), new AbortController().signal);
    const events = await until(isDone);
    const first = statusIn(events[0]);
    expect(first).toMatchObject({ app: 'shop', live: null });
    expect(first?.running).toBe(first?.last?.id);
    expect(statusIn(events.at(-1))).toMatchObject({ live: '1', running: null, last: { user: 'user1' } });
    // Nothing is told twice.
    const texts = events.map((event) => JSON.stringify(event));
    expect(new Set(texts).size).toBe(texts.length);
    const again = watching(remote);
    expect(statusIn((await again.until(isCurrent))[0])).toMatchObject({ live: '1' });
    again.stop();
    stop();
    expect(box.door.log).toEqual([]);
  });

  it('tells of releases that are cleared away', async () => {
    const { box, remote } = await boxWith('1', '2', '3');
    const { signal } = new AbortController();
    const { until, stop } = watching(remote);
    for (const version of ['1', '2', '3']) {
      await remote.deploy({ app: 'shop', version }, randomUUID(), signal);
      await until((event) => isDone(event) && statusIn(event)?.live === version);
    }
    const token = box.door.token();
    await box.door.ask('POST', '/v1/apps/shop/gc', { token, body: { keep: 0 } });
    const events = await until((event) => statusIn(event)?.releases.length !== 3);
    expect(statusIn(events.at(-1))?.live).toBe('3');
    stop();
  });

  it('shows nobody what they may not see', async () => {
    const { box, remote } = await boxWith('1');
    const { signal } = new AbortController();
    await uploadApp(box, '1', {}, { app: 'blog' });
    const all = watching(remote);
    const blog = watching(remoteOf(box, box.door.token({ scopes: ['read'], apps: ['blog'] })));
    const other = watching(remoteOf(box, box.door.token({ scopes: ['read'], channels: ['beta'] })));
    for (const one of [all, blog, other]) await one.until(isCurrent);
    for (const app of ['shop', 'blog']) {
      await remote.deploy({ app }, randomUUID(), signal);
      await all.until((event) => isDone(event) && statusIn(event)?.app === app);
    }
    const seen = await blog.until(isDone);
    expect(new Set(seen.map((event) => statusIn(event)?.app))).toEqual(new Set(['blog']));
    const bare = await other.until((event) => statusIn(event)?.live === '1');
    expect(bare.every((event) => statusIn(event)?.last === null)).toBe(true);
    for (const one of [all, blog, other]) one.stop();
  });

  it('is told anew when it comes back', async () => {
    const box = newAgentBox();
    await uploadApp(box, '1');
    const agent = await runAgent(box.folder);
    const relay = await newRelay({ path: box.socket });
    const direct = openAgent({ name: 'b1', url: `unix:${box.socket}` }, {});
    const { until, told, stop } = watching(openAgent({ name: 'b1', url: relay.url }, {}));
    await until(isCurrent);
    await direct.deploy({ app: 'shop' }, randomUUID(), new AbortController().signal);
    await until(isDone);
    relay.cut();
    expect(statusIn((await until(isCurrent))[0])).toMatchObject({ app: 'shop', live: '1' });
    expect(told).toEqual([]);
    agent.child.kill('SIGKILL');
    await agent.ended;
    const back = until(isCurrent);
    while (told.length === 0) await new Promise(setImmediate);
    await runAgent(box.folder);
    expect(statusIn((await back)[0])).toMatchObject({ live: '1' });
    expect(told).toEqual([expect.stringMatching(/^away: /), 'back']);
    stop();
  });

  it('ends with the signal, and holds no stream then', async () => {
    const { box, remote } = await boxWith();
    const { next, until, stop } = watching(remote);
    await until(isCurrent);
    const waiting = next();
    stop();
    await expect(waiting).rejects.toThrow('stopped');
    while ((await box.door.open.connections()) > 0) await new Promise(setImmediate);
    const token = box.door.token();
    const metrics = await box.door.ask('GET', '/v1/metrics', { token });
    expect(metrics.text).toMatch(/streams\S* 0\n/);
  });

  it('is closed to those whom it does not know', async () => {
    const { box } = await boxWith();
    const token = box.door.token({ name: 'gone' });
    revokeTokens(box.door.state, 'gone', Date.now());
    const failure = await watching(remoteOf(box, token))
      .next()
      .catch((error) => error);
    expect(failure).toBeInstanceOf(RemoteError);
    expect(failure.code).toBe('unauthenticated');
  });

  it('leaves room for those who follow deployments', async () => {
    const { box, remote } = await boxWith();
    box.door.reload('limits: {subscribers: 4}');
    const some = [1, 2, 3].map(() => watching(remote));
    for (const one of some) await one.until(isCurrent);
    const token = box.door.token();
    const reply = await box.door.ask('GET', '/v1/events', { token });
    expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    for (const one of some) one.stop();
  });
});

describe('an event of a box', () => {
  const deployment = { id: 'd1', action: 'deploy', app: 'a', channel: 'c', version: '1', previous: null };
  const last = {
    ...deployment,
    ...{ state: 'done', user: 'u', created: 1, updated: 2, lastEvent: 3, result: 'done', reason: null },
  };
  const status = { app: 'a', live: '1', since: 1, previous: null, releases: [], running: null, last };
  it.each([
    [{ type: 'current' }, true],
    [{ type: 'app', status }, true],
    [{ type: 'app', status: { ...status, last: null } }, true],
    [{ type: 'app' }, false],
    [{ type: 'app', status: { ...status, live: 1 } }, false],
    [{ type: 'other' }, false],
    [null, false],
    [[], false],
  ])('%j is known: %s', (value, isKnown) => {
    expect(isBoxEvent(value)).toBe(isKnown);
  });
});

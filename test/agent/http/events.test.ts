import http from 'node:http';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { inBatches } from '../../../agent/http/heartbeat.ts';
import type { DeploymentEvent } from '../../../protocol/deploymentEvents.ts';
import { type TestDoor, testDoor } from '../support/door.ts';

/** A door with one deployment, `d1`. */
async function deploying(config = ''): Promise<TestDoor> {
  const door = await testDoor({ config });
  await door.ask('POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
  return door;
}

const line = (text: string) => ({ type: 'log', stage: 'prepare', stream: 'stdout', text }) as const;

/** Reads events until the stream ends, or until `until` says so: then the connection is cut. */
function follow(
  door: TestDoor,
  headers: Record<string, string>,
  until: (event: DeploymentEvent) => boolean = () => false,
  path = '/v1/deployments/d1/events',
): Promise<{ events: DeploymentEvent[]; ended: boolean; status: number }> {
  return new Promise((resolve, reject) => {
    const events: DeploymentEvent[] = [];
    const request = http.get({ socketPath: door.socket, path, headers, agent: false }, (response) => {
      const { statusCode: status = 0 } = response;
      let rest = '';
      let cut = false;
      const take = (part: string) => {
        const [, id, type, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(part) ?? [];
        if (cut || data === undefined) return;
        const event: DeploymentEvent = JSON.parse(data);
        expect([event.seq, event.type]).toEqual([Number(id), type]);
        events.push(event);
        cut = until(event);
        if (cut) response.destroy();
        if (cut) resolve({ events, ended: false, status });
      };
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n\n');
        rest = parts.pop() ?? '';
        parts.forEach(take);
      });
      response.on('end', () => resolve({ events, ended: true, status }));
      response.on('error', (error) => (cut ? undefined : reject(error)));
    });
    request.on('error', reject);
  });
}

describe('events', () => {
  it('are resumed after 200 cuts without a line lost, doubled or out of order', async () => {
    const door = await deploying();
    const lines = 4000;
    const texts = Array.from({ length: lines }, (_, at) => `line ${at}: ${'x'.repeat(at % 97)}`);
    let told = 0;
    const tellSome = (count: number) => {
      for (const text of texts.slice(told, told + count)) door.agent.happen('d1', line(text));
      told = Math.min(lines, told + count);
    };
    const all: DeploymentEvent[] = [];
    let cuts = 0;
    while (cuts < 200) {
      tellSome(20);
      const last = all.at(-1)?.seq ?? 0;
      const most = 5 + ((cuts * 7) % 14);
      const { events } = await follow(door, { 'last-event-id': String(last) }, ({ seq }) => {
        // What comes while it is read counts as well.
        if (seq === last + 3) tellSome(1);
        return seq >= last + most;
      });
      all.push(...events);
      cuts++;
    }
    tellSome(lines);
    door.agent.happen('d1', { type: 'end', result: 'done' });
    const rest = await follow(door, { 'last-event-id': String(all.at(-1)?.seq) });
    all.push(...rest.events);
    expect(rest.ended).toBe(true);
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: lines + 2 }, (_, at) => at + 1));
    expect(all.flatMap((one) => (one.type === 'log' ? [one.text] : []))).toEqual(texts);
    expect(all.at(-1)).toMatchObject({ type: 'end', result: 'done' });
  });

  it('whose reader is gone are read no longer', async () => {
    const door = await deploying();
    await follow(door, {}, () => true);
    await expect.poll(() => door.agent.readers()).toBe(0);
    expect((await door.ask('GET', '/v1/metrics', { socket: true })).text).toContain('event_streams 0\n');
  });

  it('come from a number on, once or as they are, as SSE or NDJSON', async () => {
    const door = await deploying();
    for (const text of ['a', 'b\nc', '“é”']) door.agent.happen('d1', line(text));
    const get = (query: string, headers: Record<string, string> = {}) =>
      door.ask('GET', `/v1/deployments/d1/events?follow=false&${query}`, { socket: true, headers });
    const sse = await get('after=1');
    expect(sse.headers['content-type']).toBe('text/event-stream');
    expect(sse.text.match(/^id: \d$/gm)).toEqual(['id: 2', 'id: 3', 'id: 4']);
    const ndjson = await get('after=2&format=ndjson');
    expect(ndjson.headers['content-type']).toBe('application/x-ndjson');
    const read = ndjson.text
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one).text);
    expect(read).toEqual(['b\nc', '“é”']);
    expect((await get('', { accept: 'application/x-ndjson' })).text.split('\n')).toHaveLength(5);
    // A client that comes again keeps its address, and says how far it got.
    expect((await get('after=1&format=ndjson', { 'last-event-id': '3' })).text.split('\n')).toHaveLength(2);
  });

  it.each(['after=x', 'after=-1', 'after=1.5', 'after=99999999999999999', 'format=xml'])(
    'refuse %s',
    async (query) => {
      const door = await deploying();
      const reply = await door.ask('GET', `/v1/deployments/d1/events?${query}`, { socket: true });
      expect(reply).toMatchObject({ status: 400, json: { code: 'invalid' } });
    },
  );

  it('say that nothing comes any more to who has them all', async () => {
    const door = await deploying();
    door.agent.happen('d1', { type: 'end', result: 'failed' });
    expect((await follow(door, { 'last-event-id': '2' })).status).toBe(204);
    expect((await follow(door, { 'last-event-id': '1' })).events).toHaveLength(1);
  });

  it('are told to no more than allowed at once', async () => {
    const door = await deploying('limits: {subscribers: 1}');
    const first = follow(door, {});
    await expect.poll(() => door.agent.readers()).toBe(1);
    const second = await door.ask('GET', '/v1/deployments/d1/events', { socket: true });
    expect(second).toMatchObject({ status: 503, json: { code: 'unavailable' } });
    door.agent.happen('d1', { type: 'end', result: 'done' });
    expect((await first).ended).toBe(true);
    expect((await door.ask('GET', '/v1/deployments/d1/events', { socket: true })).status).toBe(200);
  });

  it('cut off who does not read them, and nobody else', async () => {
    const door = await deploying('limits: {slowReader: 200ms}');
    const socket = net.connect({ path: door.socket });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GET /v1/deployments/d1/events HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => door.agent.readers()).toBe(1);
    const text = 'x'.repeat(10_000);
    for (let at = 0; at < 500; at++) door.agent.happen('d1', line(text));
    const other = follow(door, {}, ({ seq }) => seq === 501);
    expect((await other).events).toHaveLength(501);
    await expect.poll(() => door.agent.readers()).toBe(0);
    const metrics = await door.ask('GET', '/v1/metrics', { socket: true });
    expect(metrics.text).toContain('strata_agent_slow_readers_total 1\n');
    socket.resume();
    await closed;
  });

  it('end when the agent does, to be resumed with the next one', async () => {
    const door = await deploying();
    const following = follow(door, {});
    await expect.poll(() => door.agent.readers()).toBe(1);
    await door.open.close(5000);
    expect((await following).ended).toBe(true);
  });
});

describe('a heartbeat', () => {
  it('comes when nothing else does', async () => {
    let ring = (_: number) => {};
    async function* source() {
      yield 1;
      yield await new Promise<number>((resolve) => {
        ring = resolve;
      });
    }
    const came: number[][] = [];
    for await (const some of inBatches(source(), 5, () => 1)) {
      came.push(some);
      if (came.length === 4) ring(2);
    }
    expect(came.slice(0, 4)).toEqual([[1], [], [], []]);
    expect(came.at(-1)).toEqual([2]);
  });

  it('lets what is there come at once, and no more of it than is taken', async () => {
    let given = 0;
    async function* source() {
      while (given < 3000) yield ++given;
    }
    const came: number[][] = [];
    for await (const some of inBatches(source(), 1000, () => 128)) {
      came.push(some);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      expect(given).toBeLessThanOrEqual(came.flat().length + 513);
    }
    expect(came.flat()).toEqual(Array.from({ length: 3000 }, (_, at) => at + 1));
    expect(came.length).toBeLessThan(20);
  });

  it('lets go of the source when nobody reads any more', async () => {
    let isOver = false;
    async function* source() {
      try {
        for (let at = 0; ; at++) yield at;
      } finally {
        isOver = true;
      }
    }
    for await (const some of inBatches(source(), 1000, () => 128)) if (some.length > 0) break;
    expect(isOver).toBe(true);
  });

  it('does not hide that the source failed', async () => {
    async function* source() {
      yield 1;
      throw new Error('gone');
    }
    const read = async () => {
      for await (const _ of inBatches(source(), 1000, () => 128));
    };
    await expect(read()).rejects.toThrow('gone');
  });
});

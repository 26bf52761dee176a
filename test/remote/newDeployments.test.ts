import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { addMore } from '../../remote/logs/addMore.ts';
import { byTime } from '../../remote/logs/byTime.ts';
import type { Entry } from '../../remote/logs/entry.ts';
import { addFirst, type Choice } from '../../remote/logs/followBox.ts';
import { presenceOf } from '../../remote/logs/presence.ts';
import { openAgent } from '../../remote/openAgent.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { type AgentBox, newAgentBox } from '../agent/support/agentBox.ts';
import { type RunningAgent, runAgent } from '../agent/support/agentCommand.ts';
import { uploadApp } from '../agent/support/box.ts';
import { newRelay } from './support/relay.ts';

let box: AgentBox;
let agent: RunningAgent;
let direct: RemoteAgent;
let followed: { end(): Promise<void> }[] = [];
const { signal } = new AbortController();

beforeEach(async () => {
  box = newAgentBox();
  for (const version of ['1', '2', '3']) {
    await uploadApp(box, version, { 'deploy/hooks/prepare': `echo this is ${version}\n` });
  }
  await uploadApp(box, '1', {}, { app: 'blog' });
  agent = await runAgent(box.folder);
  direct = openAgent({ name: 'b1', url: `unix:${box.socket}` }, {});
});

afterEach(async () => {
  for (const one of followed) await one.end();
  followed = [];
  agent.child.kill('SIGTERM');
  await agent.ended;
});

/** Follows what begins on a box, and counts how often it is asked for its deployments. */
function following(remote: RemoteAgent, app: string | null = 'shop') {
  const stop = new AbortController();
  const all = byTime<Entry>();
  const said: string[] = [];
  const [lines, ends]: string[][] = [[], []];
  let lists = 0;
  const source = {
    agent: {
      ...remote,
      deployments(...given: Parameters<RemoteAgent['deployments']>) {
        lists++;
        return remote.deployments(...given);
      },
    },
    presence: presenceOf('b1', (text) => void said.push(text)),
    failed: ({ message }: Error) => void said.push(message),
    isLost: () => false,
  };
  const choice: Choice = {
    ...{ app: app ?? undefined, deployment: undefined, since: undefined, isFollowed: true },
    signal: stop.signal,
  };
  const reading = (async () => {
    for await (const { event, deployment } of all) {
      if (event.type === 'log' && event.stream === 'stdout') lines?.push(event.text);
      if (event.type === 'end') ends?.push(`${deployment.app} ${deployment.version}`);
    }
  })();
  const adding = addFirst(all, source, choice).then((first) =>
    addMore(all, [source], [first], choice, () => undefined),
  );
  const one = {
    said,
    lines: () => lines ?? [],
    ends: () => ends ?? [],
    lists: () => lists,
    async end() {
      stop.abort(new Error('the test is over'));
      await Promise.all([adding, reading]);
    },
  };
  followed.push(one);
  return one;
}

async function deploy(version: string, app = 'shop'): Promise<void> {
  const { id } = await direct.deploy({ app, version }, randomUUID(), signal);
  for await (const _ of direct.events(id, 0, { follow: true, signal }));
}

const within = { timeout: 20_000 };

/** An agent of another time: it has no events of all apps, and the rest as it is. */
async function olderAgent(): Promise<{ remote: RemoteAgent; refused: () => number }> {
  let refused = 0;
  const server = http.createServer((request, response) => {
    if (request.url?.startsWith('/v1/events')) {
      refused++;
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ type: 'about:blank', title: 'Not Found', status: 404, code: 'missing' }));
      return;
    }
    const { method, url, headers } = request;
    const onward = http.request({ socketPath: box.socket, method, path: url, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    remote: openAgent({ name: 'b1', url: `http://127.0.0.1:${port}` }, {}),
    refused: () => refused,
  };
}

const servers: http.Server[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

it('is told of what begins, and asks only then; an older agent is asked each second', async () => {
  const older = await olderAgent();
  const [one, asking] = [following(direct), following(older.remote)];
  // At first, and once more when the box begins to tell.
  await expect.poll(() => one.lists(), within).toBe(2);
  await expect.poll(() => asking.lists(), within).toBeGreaterThan(4);
  expect(one.lists()).toBe(2);
  for (const version of ['1', '2']) await deploy(version);
  for (const each of [one, asking]) {
    await expect.poll(() => each.ends(), within).toEqual(['shop 1', 'shop 2']);
    expect(each.lines()).toEqual(['this is 1', 'this is 2']);
    expect(each.said).toEqual([]);
  }
  expect(one.lists()).toBeLessThanOrEqual(4);
  expect(older.refused()).toBe(1);
  const before = asking.lists();
  await expect.poll(() => asking.lists(), within).toBeGreaterThan(before + 2);
  expect(one.lists()).toBeLessThanOrEqual(4);
}, 60_000);

it('asks for no more when another app is deployed', async () => {
  const [shop, all] = [following(direct), following(direct, null)];
  for (const one of [shop, all]) await expect.poll(() => one.lists(), within).toBe(2);
  await deploy('1', 'blog');
  await expect.poll(() => all.ends(), within).toEqual(['blog 1']);
  await deploy('1');
  for (const one of [shop, all]) await expect.poll(() => one.ends().at(-1), within).toBe('shop 1');
  expect(shop.lists()).toBe(3);
  expect(shop.ends()).toEqual(['shop 1']);
}, 60_000);

it('shows what began while the box could not be reached', async () => {
  const relay = await newRelay({ path: box.socket });
  const one = following(openAgent({ name: 'b1', url: relay.url }, {}));
  await expect.poll(() => one.lists(), within).toBe(2);
  // Broken off and there again at once: nobody is told of that, and nothing is missed.
  await deploy('1');
  relay.cut();
  await deploy('2');
  await expect.poll(() => one.ends(), within).toEqual(['shop 1', 'shop 2']);
  relay.leadTo(undefined);
  relay.cut();
  await expect.poll(() => one.said, within).toHaveLength(1);
  await deploy('3');
  relay.leadTo({ path: box.socket });
  await expect.poll(() => one.ends(), within).toEqual(['shop 1', 'shop 2', 'shop 3']);
  expect(one.lines()).toEqual(['this is 1', 'this is 2', 'this is 3']);
  expect(one.said).toEqual([expect.stringMatching(/^b1 is away/), 'b1 is back']);
}, 60_000);

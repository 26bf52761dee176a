import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { bodyOf, type Report } from '../../../agent/webhooks/report.ts';
import { openWebhooks, type Webhook } from '../../../agent/webhooks/webhooks.ts';
import { newFolder } from '../../artifact/support/folders.ts';

const report: Report = {
  app: 'shop',
  action: 'deploy',
  target: 'master',
  old_version: '11',
  version: '12',
  user: 'jo <jo@example.com>',
  fqdn: 'box1.example.com',
  environment: 'production',
  result: 'success',
  link: 'https://box1.example.com/d/1?a=1&b=2',
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that answers with these, one after the other, then with 200; it tells of each call that was answered. */
async function receiver(answers: number[] = [], port = 0) {
  const bodies: unknown[] = [];
  const server = http.createServer(async (request, response) => {
    bodies.push(await json(request));
    response.writeHead(answers.shift() ?? 200, { 'x-token': 'none' }).end(() => server.emit('answered'));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const { port: own } = server.address() as AddressInfo;
  const answered = async (count: number) => {
    while (bodies.length < count) await once(server, 'answered');
  };
  return { url: `http://127.0.0.1:${own}/`, port: own, bodies, answered };
}

async function open(state: string, webhooks: Webhook[], onProblem: (message: string) => void = () => {}) {
  const opened = await openWebhooks({ state, webhooks, onProblem, firstPauseMs: 5 });
  closing.push(() => opened.close());
  return opened;
}

const waiting = (state: string) => fs.readdirSync(path.join(state, 'webhooks'));

test('a report is delivered in order, to those who want to hear of it', async () => {
  const [all, failures] = [await receiver(), await receiver()];
  const state = newFolder();
  const webhooks = await open(state, [
    { name: 'all', url: all.url },
    { name: 'failures', url: failures.url, on: ['failure', 'rollback'] },
  ]);
  for (const result of ['start', 'failure', 'rollback'] as const) await webhooks.tell({ ...report, result });
  await Promise.all([all.answered(3), failures.answered(2)]);
  expect(all.bodies).toEqual(['start', 'failure', 'rollback'].map((result) => ({ ...report, result })));
  expect(failures.bodies).toMatchObject([{ result: 'failure' }, { result: 'rollback' }]);
  await webhooks.close();
  expect(waiting(state)).toEqual([]);
});

test('what fails is tried again, and in order', async () => {
  const server = await receiver([503, 429, 500]);
  const webhooks = await open(newFolder(), [{ name: 'all', url: server.url }]);
  await webhooks.tell(report);
  await webhooks.tell({ ...report, version: '13' });
  await server.answered(5);
  expect(server.bodies).toMatchObject(['12', '12', '12', '12', '13'].map((version) => ({ version })));
});

test('what is refused for good is given up, and the next one is delivered', async () => {
  const server = await receiver([404]);
  const problems: string[] = [];
  const state = newFolder();
  const webhooks = await open(state, [{ name: 'all', url: server.url }], (message) => problems.push(message));
  await webhooks.tell(report);
  await webhooks.tell({ ...report, version: '13' });
  await server.answered(2);
  expect(problems).toEqual(['webhook all: a report was given up: it answered 404']);
  expect(server.bodies).toMatchObject([{ version: '12' }, { version: '13' }]);
});

test('what could not be delivered waits on the disk for the next start', async () => {
  const gone = await receiver();
  await closing.pop()?.();
  const state = newFolder();
  const secret = { name: 'all', url: `${gone.url}secret-path`, headers: { authorization: 'secret-token' } };
  const first = await open(state, [secret]);
  await first.tell(report);
  await first.close();
  const [file = ''] = waiting(state);
  expect(fs.readFileSync(path.join(state, 'webhooks', file), 'utf8')).not.toContain('secret');
  const server = await receiver([], gone.port);
  const second = await open(state, [secret]);
  await server.answered(1);
  await second.close();
  expect(server.bodies).toEqual([report]);
  expect(waiting(state)).toEqual([]);
});

test('messages for Slack and Teams', () => {
  const failed: Report = { ...report, result: 'rollback', reason: 'health gate: <b> & co' };
  expect(JSON.parse(bodyOf(failed, 'slack'))).toEqual({
    text: [
      '*shop 12 failed and was rolled back on box1.example.com (production)*',
      'by jo &lt;jo@example.com&gt; (before: 11)',
      'health gate: &lt;b&gt; &amp; co',
      '<https://box1.example.com/d/1?a=1&amp;b=2|Details>',
    ].join('\n'),
  });
  const { link: _, ...linkless } = report;
  expect(JSON.parse(bodyOf({ ...linkless, old_version: null }, 'teams'))).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          body: [
            { text: 'shop 12 is live on box1.example.com (production)', color: 'good' },
            { text: 'by jo <jo@example.com>' },
          ],
          actions: [],
        },
      },
    ],
  });
});

test('only so many wait: the oldest go, and that is told', async () => {
  const gone = await receiver();
  await closing.pop()?.();
  const state = newFolder();
  const [problems, dropped]: [string[], string[]] = [[], []];
  const webhook = { name: 'all', url: gone.url };
  const opened = await openWebhooks({
    ...{ state, webhooks: [webhook], firstPauseMs: 60_000, most: 3 },
    onProblem: (message) => problems.push(message),
    onDrop: (name, why, body) => dropped.push(`${name}: ${why}: ${JSON.parse(body).version}`),
  });
  for (let version = 1; version <= 5; version++) await opened.tell({ ...report, version: `${version}` });
  expect(waiting(state)).toHaveLength(3);
  expect(problems).toHaveLength(2);
  expect(dropped).toEqual(['all: 3 newer ones wait: 1', 'all: 3 newer ones wait: 2']);
  await opened.close();
  const server = await receiver([], gone.port);
  const second = await open(state, [webhook]);
  await server.answered(3);
  await second.close();
  expect(server.bodies).toMatchObject(['3', '4', '5'].map((version) => ({ version })));
});

test('what belongs to no webhook, or is damaged, does not stay for ever', async () => {
  const state = newFolder();
  const folder = path.join(state, 'webhooks');
  fs.mkdirSync(folder);
  const left = { webhook: 'gone', body: '{}', created: Date.now() };
  fs.writeFileSync(path.join(folder, '0000000000000001.json'), JSON.stringify(left));
  fs.writeFileSync(path.join(folder, '0000000000000002.json'), '{"webhook":"al');
  fs.writeFileSync(path.join(folder, '0000000000000003.json.new'), '');
  fs.mkdirSync(path.join(folder, '0000000000000004.json'));
  const problems: string[] = [];
  const server = await receiver();
  const webhooks = await open(state, [{ name: 'all', url: server.url }], (message) => problems.push(message));
  expect(waiting(state)).toEqual([]);
  expect(problems).toEqual(['webhooks: 4 reports that belong to no webhook any more are gone']);
  await webhooks.tell(report);
  await server.answered(1);
});

test('a clock that was set forward makes no report old before it was tried for a while', async () => {
  const state = newFolder();
  const folder = path.join(state, 'webhooks');
  fs.mkdirSync(folder);
  const old = { webhook: 'all', body: JSON.stringify(report), created: Date.now() - 400 * 24 * 3600_000 };
  fs.writeFileSync(path.join(folder, '0000000000000001.json'), JSON.stringify(old));
  const server = await receiver([503, 503, 503]);
  await open(state, [{ name: 'all', url: server.url }]);
  await server.answered(4);
  expect(server.bodies).toHaveLength(4);
});

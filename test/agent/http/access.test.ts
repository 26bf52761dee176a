import fs from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../../agent/auth/scopes.ts';
import { listTokens, revokeTokens } from '../../../agent/auth/tokenFiles.ts';
import { routes } from '../../../agent/http/routes.ts';
import { type TestDoor, testDoor } from '../support/door.ts';
import { memoryAgent } from '../support/memoryAgent.ts';

/** Every address with what it is asked for and what one needs for it, on app `shop` and channel `master`. */
const calls: { method: 'GET' | 'POST'; path: string; body?: unknown; needs: Scope; status: number }[] = [
  {
    method: 'POST',
    path: '/v1/deployments',
    body: { app: 'shop', busy: 'wait' },
    needs: 'deploy',
    status: 202,
  },
  {
    method: 'POST',
    path: '/v1/deployments',
    body: { app: 'shop', busy: 'wait', rollback: true },
    needs: 'rollback',
    status: 202,
  },
  { method: 'GET', path: '/v1/deployments?app=shop', needs: 'read', status: 200 },
  { method: 'GET', path: '/v1/deployments/d1', needs: 'read', status: 200 },
  { method: 'GET', path: '/v1/deployments/d1/events?follow=false', needs: 'read', status: 200 },
  { method: 'POST', path: '/v1/deployments/d1/cancel', needs: 'deploy', status: 202 },
  { method: 'POST', path: '/v1/plan', body: { app: 'shop' }, needs: 'deploy', status: 200 },
  { method: 'GET', path: '/v1/apps/shop', needs: 'read', status: 200 },
  { method: 'GET', path: '/v1/apps/shop/config', needs: 'read', status: 200 },
  { method: 'POST', path: '/v1/apps/shop/rollback', body: { busy: 'wait' }, needs: 'rollback', status: 202 },
  { method: 'POST', path: '/v1/apps/shop/gc', body: {}, needs: 'admin', status: 200 },
  { method: 'GET', path: '/deploy/shop', needs: 'read', status: 200 },
];
/** These show less to those who may see less. */
const filtered = [
  '/v1/apps',
  '/v1/deployments',
  '/v1/metrics',
  '/v1/health',
  '/deploy/',
  '/v1/events?follow=false',
];
const enough: Record<Scope, Scope[]> = {
  read: [...scopes],
  deploy: ['deploy', 'admin'],
  rollback: ['rollback', 'admin'],
  admin: ['admin'],
};

describe('who may do what', () => {
  let door: TestDoor;
  beforeAll(async () => {
    door = await testDoor({
      agent: memoryAgent({ shop: '1', blog: '1' }),
      config: 'limits: {failures: 1000}',
    });
    await door.ask('POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
    await door.ask('POST', '/v1/deployments', { socket: true, body: { app: 'blog' } });
  });

  it('looks at every address', () => {
    const asked = [
      ...calls.map(({ method, path }) => `${method} ${path}`),
      ...filtered.map((path) => `GET ${path}`),
    ];
    for (const { method, path } of routes) {
      const pattern = new RegExp(`^${method} ${path.replace(/:\w+/g, '[^/?]+')}(\\?.*)?$`);
      // `POST /deploy/shop` answers when its deployment is over: yodeploy.test.ts.
      const there = asked.some((one) => pattern.test(one)) || `${method} ${path}` === 'POST /deploy/:app';
      expect(`${method} ${path} ${there}`).toBe(`${method} ${path} true`);
    }
  });

  const all = [
    ...calls,
    ...filtered.map((path) => ({ method: 'GET' as const, path, body: undefined, status: 200 })),
  ];
  describe.each(all)('$method $path', ({ method, path, body, status }) => {
    const basic = path.startsWith('/deploy');
    const open = path === '/v1/health';

    it('needs a token', async () => {
      const reply = await door.ask(method, path, { body });
      if (open) {
        expect(reply).toMatchObject({ status: 200, json: { status: 'ok' } });
        expect(Object.keys(reply.json)).toEqual(['status']);
        return;
      }
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toBe(`${basic ? 'Basic' : 'Bearer'} realm="strata"`);
      expect(reply.json).toMatchObject({ status: 401, code: 'unauthenticated', title: 'Unauthorized' });
    });

    it('takes no token that is wrong, expired or revoked', async () => {
      const right = door.token();
      const revoked = door.token({ name: 'gone' });
      revokeTokens(door.state, 'gone', Date.now());
      const flipped = right.slice(0, -1) + (right.endsWith('A') ? 'E' : 'A');
      const wrong = [
        flipped,
        `${right}A`,
        right.slice(0, -1),
        right.replace('strata', 'Strata'),
        right.replace(/_[0-9a-f]{16}_/, '_0000000000000000_'),
        '../../etc/passwd',
        door.token({ expires: Date.now() - 1 }),
        revoked,
      ];
      for (const token of wrong) {
        const reply = await door.ask(method, path, { body, token });
        expect({ token, status: reply.status, code: reply.json.code }).toEqual({
          token,
          status: 401,
          code: 'unauthenticated',
        });
      }
    });

    it('takes one that is enough, and the unix socket without one', async () => {
      const reply = await door.ask(method, path, { body, token: door.token() });
      expect(reply.status).toBe(status);
      expect((await door.ask(method, path, { body, socket: true })).status).toBe(status);
    });
  });

  describe.each(calls)('$method $path, which needs $needs', ({ method, path, body, needs, status }) => {
    it.each(scopes)('with %s', async (scope) => {
      const reply = await door.ask(method, path, { body, token: door.token({ scopes: [scope] }) });
      expect(reply.status).toBe(enough[needs].includes(scope) ? status : 403);
    });

    it('of another app, or channel', async () => {
      const narrow = [{ apps: ['blog', 'sho', 'shop?'] }, { apps: [] }];
      const isBound =
        !path.startsWith('/v1/apps/shop') && !path.startsWith('/deploy') && !path.includes('?app=');
      const channels = isBound || path.endsWith('rollback') ? [{ channels: ['release-*'] }] : [];
      for (const rights of [...narrow, ...channels]) {
        const reply = await door.ask(method, path, { body, token: door.token(rights) });
        expect(reply).toMatchObject({ status: 403, json: { code: 'forbidden', status: 403 } });
      }
    });
  });

  it('shows only what one may see', async () => {
    const token = door.token({ scopes: ['read'], apps: ['bl*'] });
    const { json: apps } = await door.ask('GET', '/v1/apps', { token });
    expect(apps.apps.map((one: { app: string }) => one.app)).toEqual(['blog']);
    const { json: deployments } = await door.ask('GET', '/v1/deployments', { token });
    expect(new Set(deployments.deployments.map((one: { app: string }) => one.app))).toEqual(
      new Set(['blog']),
    );
    const metrics = await door.ask('GET', '/v1/metrics', { token });
    expect(metrics.text).toContain('app="blog"');
    expect(metrics.text).not.toContain('shop');
    const events = await door.ask('GET', '/v1/events?follow=false&format=ndjson', { token });
    expect(events.text).toContain('"app":"blog"');
    expect(events.text).not.toContain('shop');
    const { json: theirs } = await door.ask('GET', '/deploy/', { token });
    expect(theirs).toEqual({ applications: [{ name: 'blog', version: '1' }] });
  });

  it('keeps no token that could be used', () => {
    const text = door.token();
    expect(JSON.stringify(listTokens(door.state))).not.toContain(text.slice(-43));
  });
});

describe('many wrong tokens', () => {
  it('are met with 429 until a minute is over, right ones too, and the socket is never', async () => {
    const door = await testDoor({ config: 'limits: {failures: 3}' });
    const token = door.token();
    for (let at = 0; at < 3; at++) {
      expect((await door.ask('GET', '/v1/apps', { token: 'wrong' })).status).toBe(401);
    }
    const reply = await door.ask('GET', '/v1/apps', { token });
    expect(reply).toMatchObject({ status: 429, json: { code: 'limited' } });
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(50);
    expect((await door.ask('GET', '/v1/apps', { socket: true })).status).toBe(200);
    expect(door.refused()).toHaveLength(3);
  });
});

describe('the audit log', () => {
  it('tells who did what, and who was turned away', async () => {
    const door = await testDoor();
    const token = door.token({ name: 'ann', scopes: ['deploy'] });
    await door.ask('POST', '/v1/deployments', { token, body: { app: 'shop', version: '2' } });
    await door.ask('POST', '/v1/apps/shop/gc', { token, body: {} });
    await door.ask('POST', '/v1/deployments/d1/cancel', { socket: true, headers: { 'strata-user': 'bob' } });
    await door.ask('GET', '/v1/apps', { token });
    await door.ask('GET', '/v1/apps');
    const from = '127.0.0.1';
    const deploys = { who: 'ann', from, method: 'POST', path: '/v1/deployments' };
    const cancels = {
      who: 'bob (socket)',
      from: 'socket',
      path: '/v1/deployments/d1/cancel',
      deployment: 'd1',
    };
    expect(door.audit()).toMatchObject([
      { ...deploys, what: 'asked', body: { app: 'shop', version: '2' } },
      { ...deploys, what: 'answered', status: 202, deployment: 'd1' },
      { ...cancels, what: 'asked', body: { cancel: 'd1' } },
      { ...cancels, what: 'answered', status: 202 },
    ]);
    expect(door.refused()).toMatchObject([
      { who: 'ann', what: 'turned away', status: 403, code: 'forbidden', path: '/v1/apps/shop/gc' },
    ]);
    expect(JSON.stringify(door.audit())).not.toContain(token.slice(-43));
  });

  it('is written before anything is done: where it cannot be, nothing is', async () => {
    const door = await testDoor();
    fs.mkdirSync(`${door.state}/audit.log`);
    const reply = await door.ask('POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
    expect(reply).toMatchObject({ status: 503, json: { code: 'unavailable' } });
    expect(door.agent.asked).toEqual([]);
  });
});

describe('names', () => {
  it('reach the agent only when they are right', async () => {
    const door = await testDoor();
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
      fc.constantFrom(
        '..',
        '.',
        'a/b',
        '../x',
        '-a',
        'live',
        'latest',
        'unpack',
        'x.meta',
        'a\0b',
        'a'.repeat(65),
      ),
      fc.stringMatching(/^[A-Za-z0-9._/%-]{1,70}$/),
    );
    const right = /^(?!(latest|unpack|live)$)(?!.*\.meta$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
    const key = fc.constantFrom('app', 'channel', 'version', 'configs');
    const statusOf = (name: string) => (name === 'shop' ? 200 : right.test(name) ? 404 : 400);
    const property = fc.asyncProperty(nasty, key, async (name, field) => {
      const before = door.agent.asked.length;
      const body = { app: 'shop', busy: 'wait', [field]: name };
      const posted = await door.ask('POST', '/v1/deployments', { socket: true, body });
      const expected = right.test(name) ? { status: 202, asked: 1 } : { status: 400, asked: 0 };
      expect({ status: posted.status, asked: door.agent.asked.length - before }).toEqual(expected);
      // Clients take dots out of an address themselves.
      if (/^\.{1,2}$/.test(name)) return;
      const part = encodeURIComponent(name.replace(/\p{Surrogate}/gu, '?'));
      expect((await door.ask('GET', `/v1/apps/${part}`, { socket: true })).status).toBe(statusOf(name));
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

import fs from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../agent/http/routes.ts';
import { treeOf } from '../../artifact/support/folders.ts';
import { uploadApp } from '../support/box.ts';
import { raw } from '../support/door.ts';
import { type RealDoor, realDoor } from '../support/realDoor.ts';

const runs = Number(process.env.STRATA_FUZZ_REQUESTS ?? 400);

const nasty = fc.constantFrom(
  ...['..', '.', '%2e%2e', '%2E.', '..%2f..%2fetc%2fpasswd', '%2f', '%5c..', '%00', 'shop%00', '%252e%252e'],
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype', 'valueOf', 'NaN', 'null', '0'],
  ...[
    '%E2%80%AE',
    '%ED%A0%80',
    '%C0%AE%C0%AE',
    '%F0%9F%98%80',
    '%zz',
    '%',
    'e%CC%81',
    '%C3%A9',
    '%EF%BC%8E%EF%BC%8E',
  ],
  ...[
    'a'.repeat(64),
    'a'.repeat(65),
    'a'.repeat(9000),
    '-rf',
    '~root',
    '$(id)',
    '`id`',
    '*',
    'a;b',
    'a|b',
    "a'b",
    'a"b',
  ],
  ...[
    'live',
    'latest',
    'unpack',
    'versions',
    'configs',
    'shop',
    'Shop',
    'shop.meta',
    'file',
    'folder',
    '.strata-agent',
    'CON',
  ],
  ...['-1', '1e999', '99999999999999999999', '1', '2', 'true', 'false', '[]', '{}', '//', '\\..\\..'],
);
const anyText = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?')));
const anyBytes = fc
  .array(fc.integer({ min: 0x21, max: 0xff }), { maxLength: 30 })
  .map((codes) => String.fromCharCode(...codes).replaceAll('#', ''));
const name = fc.oneof({ weight: 4, arbitrary: nasty }, anyText, anyBytes);

const queryKey = fc.constantFrom('app', 'limit', 'after', 'follow', 'format', '__proto__', 'x');
const query = fc
  .array(fc.tuple(queryKey, name), { maxLength: 3 })
  .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));

const field = fc.constantFrom(
  ...['app', 'channel', 'version', 'configs', 'plan', 'force', 'busy', 'rollback', 'keep', 'target', 'user'],
  ...['__proto__', 'constructor'],
);
const value = fc.oneof(name, fc.jsonValue({ maxDepth: 2 }), fc.constant('shop'));
const json = fc
  .array(fc.tuple(field, value), { maxLength: 4 })
  .map(
    (pairs) => `{${pairs.map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`).join(', ')}}`,
  );
const form = fc
  .array(fc.tuple(field, name), { maxLength: 4 })
  .map((pairs) => pairs.map(([key, one]) => `${key}=${one}`).join('&'));
const types = [
  ...[
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
  ],
  ...['multipart/form-data', 'application/json; charset=utf-16', ';', 'a/b/c'],
];
const multipart = form.map(
  (text) => `--x\r\nContent-Disposition: form-data; name="target"\r\n\r\n${text}\r\n--x--\r\n`,
);
const body = fc.record({
  text: fc.oneof(json, form, multipart, anyBytes, fc.constant('[[[[')),
  type: fc.constantFrom(...types),
});

describe('whatever is asked', () => {
  let box: RealDoor;
  let token: string;
  let around: string[];
  beforeAll(async () => {
    box = await realDoor();
    fs.writeFileSync(`${box.home}/outside`, 'mine');
    // What an app's name could be taken for.
    fs.writeFileSync(`${box.root}/file`, 'a file');
    fs.mkdirSync(`${box.root}/folder`);
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1');
    token = box.door.token();
    around = outside();
  });

  const outside = () =>
    treeOf(box.home).filter((line) => !line.startsWith('root/') && !line.startsWith('root '));

  async function ask(method: string, path: string, sent: { text: string; type: string }): Promise<number> {
    const basic = Buffer.from(`user1:${token}`).toString('base64');
    const authorization = path.startsWith('/deploy') ? `Basic ${basic}` : `Bearer ${token}`;
    const bytes = Buffer.from(sent.text).toString('latin1');
    const content =
      method === 'POST'
        ? `Content-Type: ${sent.type}\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes}`
        : '\r\n';
    const head = `${method} ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\nConnection: close\r\n`;
    const answer = await raw(box.door, head + content, { encoding: 'latin1' });
    // As yodeploy does: that a deployment which was asked for did not go well is an error of the server's.
    const isFailed = path.startsWith('/deploy/') && answer.includes('"detail":"there is no version ');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
    return status === 500 && isFailed ? 404 : status;
  }

  it.each(routes.map(({ method, path }) => [method, path] as const))(
    '%s %s answers, and fails as foreseen',
    { timeout: 3_000_000 },
    async (method, pattern) => {
      const names = fc.array(name, { minLength: 2, maxLength: 2 });
      const property = fc.asyncProperty(names, query, body, async (given, asked, sent) => {
        let at = 0;
        const path = pattern.replace(/:\w+/g, () => given[at++] ?? '');
        // An open stream of events would end with its deployment only.
        const follow = pattern.endsWith('/events') ? '&follow=false' : '';
        const status = await ask(method, `${path}?${asked}${follow}`, sent);
        expect([200, 202, 204, 400, 401, 404, 405, 409, 413, 415, 422, 431]).toContain(status);
      });
      await fc.assert(property, { numRuns: Math.ceil(runs / routes.length) });
      expect(box.door.log).toEqual([]);
      expect(outside()).toEqual(around);
      expect((await box.door.ask('GET', '/v1/health')).status).toBe(200);
    },
  );
});

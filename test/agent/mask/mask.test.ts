import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readConfigurationText } from '../../../agent/configuration/configurationText.ts';
import { createMask, masked } from '../../../agent/mask/mask.ts';
import { isSecretSetting, secretPattern, secretValues } from '../../../agent/mask/secretSettings.ts';

const hide = (secrets: string[], text: string) => createMask(secrets).apply(text);

test('a secret is hidden wherever it is', () => {
  expect(hide(['hunter2!'], 'login with hunter2!, or hunter2!')).toBe('login with ***, or ***');
  expect(hide([], 'nothing to hide')).toBe('nothing to hide');
});

test('one that is found everywhere is not hidden', () => {
  expect(hide(['abc', ''], 'abcd abc')).toBe('abcd abc');
  expect(hide(['abcd'], 'abcd abc')).toBe('*** abc');
});

test('secrets that overlap, touch or hold each other are hidden whole', () => {
  expect(hide(['abcdef', 'defghi'], 'x abcdefghi x')).toBe('x *** x');
  expect(hide(['abcdef', 'abcd'], 'abcdef abcdx')).toBe('*** ***x');
  expect(hide(['aaaa'], 'aaaaaaa')).toBe('***');
  expect(hide(['abcd', 'efgh'], 'abcdefgh')).toBe('***');
});

test('each line of a secret is hidden', () => {
  const key = '-----BEGIN KEY-----\r\n  MIIEvQIBADANBg\n}\n-----END KEY-----\n';
  expect(hide([key], 'it reads MIIEvQIBADANBg here')).toBe('it reads *** here');
  expect(hide([key], '}')).toBe('}');
  expect(hide([key], JSON.stringify({ key }))).toBe('{"key":"***"}');
});

test('what a secret looks like in base64, in a URL and in JSON is hidden', () => {
  const secret = 'pä$s w/rd"1?>~';
  const base64 = (text: string, kind: BufferEncoding = 'base64') => Buffer.from(text).toString(kind);
  for (const before of ['', 'a', 'ab', 'admin:', 'Administrator:x']) {
    for (const kind of ['base64', 'base64url'] as const) {
      const shown = hide([secret], base64(`${before}${secret}`, kind));
      expect(shown).toContain(masked);
      // At most the bits that hang on what stands before and behind.
      expect(shown.length).toBeLessThanOrEqual(base64(before).length + 7);
    }
  }
  const url = new URL('http://h/');
  url.searchParams.set('q', secret);
  expect(hide([secret], encodeURIComponent(secret))).toBe('***');
  expect(hide([secret], encodeURIComponent(secret).toLowerCase().replace('%c3%a4', '%c3%a4'))).toBe('***');
  expect(hide(['p w+d&=x'], 'q=p+w%2Bd%26%3Dx')).toBe('q=***');
  expect(hide([secret], JSON.stringify({ secret }))).toBe('{"secret":"***"}');
  expect(hide([secret], '"p\\u00e4$s w/rd\\"1?>~"')).toBe('"***"');
});

test('a long secret is hidden in whole lines of base64', () => {
  const secret = Array.from({ length: 60 }, (_, at) => `part ${at}`).join(';');
  const lines =
    Buffer.from(secret)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  for (const line of lines) expect(hide([secret], line)).toBe('***');
  const huge = 'x1y2z3'.repeat(3000);
  expect(hide([huge], `a ${huge} b`)).toBe('a *** b');
});

test('what is added later is hidden from then on', () => {
  const mask = createMask();
  expect(mask.apply('token-1')).toBe('token-1');
  mask.add('token-1');
  expect(mask.apply('token-1')).toBe('***');
});

test('no secret is left in any text', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ü', '/'), minLength: 4, maxLength: 7 });
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 4 }),
      fc.array(piece, { maxLength: 20 }),
      (secrets, texts) => {
        const text = texts.join('');
        const shown = hide(secrets, text);
        for (const secret of secrets) expect(shown).not.toContain(secret);
        // What is shown is what was there, in order.
        const shownParts = shown.split(masked);
        let at = 0;
        for (const part of shownParts) at = text.indexOf(part, at) + part.length;
        expect(at).toBeLessThanOrEqual(text.length);
        if (!secrets.some((secret) => text.includes(secret))) {
          expect(shown.includes(masked) || shown === text).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ['db.password', true],
  ['api_key', true],
  ['apiKey', true],
  ['smtp.auth-token', true],
  ['token_ttl', true],
  ['secrets', true],
  ['SECRET_KEY', true],
  ['sessionPassphrase', true],
  ['monkey', false],
  ['keyboard.layout', false],
  ['password.hint.color', false],
  ['public_key', false],
  ['publicKey', false],
  ['tokenizer', false],
  ['host', false],
])('%s is a secret by its name: %s', (path, expected) => {
  expect(isSecretSetting(path)).toBe(expected);
});

test('the values of secret settings are all that lies below them', () => {
  const config = {
    db: { host: 'db1', password: 'hunter2', port: 5432 },
    credentials: { aws: { id: 'AKIA', list: ['one', 12345, true, null] } },
    url: 'postgres://shop:s3cr%21t@db1/shop',
    users: [{ name: 'jo', token: 'jo-token' }],
  };
  const values = (isSecret?: (path: string) => boolean) =>
    secretValues(readConfigurationText(JSON.stringify(config)), isSecret);
  expect(values()).toEqual(['hunter2', 'AKIA', 'one', '12345', 's3cr%21t', 's3cr!t', 'jo-token']);
  expect(values((path) => path === 'db.host')).toEqual(['db1', 's3cr%21t', 's3cr!t']);
});

test('several patterns are one; none at all name nothing', () => {
  const one = secretPattern([/^db\.host$/iu, /pin/iu]);
  expect(['db.host', 'DB.HOST', 'a.pin', 'db.password'].map((path) => isSecretSetting(path, one))).toEqual([
    ...[true, true, true, false],
  ]);
  expect(isSecretSetting('password', secretPattern([]))).toBe(false);
  expect(isSecretSetting('password', secretPattern(undefined))).toBe(true);
});

test('numbers are hidden as they are written, keys whole, passwords with all that is in them', () => {
  const text =
    '{"pin": {"secret": 12345678901234567890, "token": 1.50}, "dsn": "amqp://me:ge:h@im@host/x", "note": "-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE\\n-----END EC PRIVATE KEY-----"}';
  const values = secretValues(readConfigurationText(text));
  expect(values).toContain('12345678901234567890');
  expect(values).toContain('ge:h@im');
  expect(values.join()).toContain('MHcCAQEE');
});

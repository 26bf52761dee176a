import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainConfiguration, readConfigurationText } from '../../../agent/configuration/configurationText.ts';
import { createMask } from '../../../agent/mask/mask.ts';
import { isSecretSetting } from '../../../agent/mask/secretSettings.ts';
import { addSecrets, boxSalt, withoutSecrets } from '../../../agent/plan/secrets.ts';
import { newFolder } from '../../support/repository.ts';

const usual = (path: string) => isSecretSetting(path);
const shown = (config: object, isSecret = usual, salt = 'salt') => {
  const secrets = { isSecret, salt: Buffer.from(salt) };
  const root = readConfigurationText(JSON.stringify(config));
  const mask = createMask();
  addSecrets(mask, secrets, root);
  return plainConfiguration(withoutSecrets(secrets, root, mask)) as Record<string, unknown>;
};

const hash = expect.stringMatching(/^sha256:[0-9a-f]{32}$/);

describe('what is secret', () => {
  it.each(
    [
      'password',
      'DB_PASSWD',
      'passphrase',
      'secret_key',
      'apiKey',
      'api-key',
      'private_key',
      'auth_token',
    ].concat(['credentials', 'db.pass', 'access_key']),
  )('is %s', (name) => {
    expect(shown({ [name]: 'x' })).toEqual({ [name]: hash });
  });

  it.each(['passenger', 'host', 'monkey', 'compass', 'public_key'])('is not %s', (name) => {
    expect(shown({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  it('is all that is below, of any kind, in lists as well', () => {
    const config = {
      secrets: { a: 1, b: [true, { c: 'x' }], d: null },
      users: [{ name: 'a', password: 'x' }],
    };
    expect(shown(config)).toEqual({
      secrets: { a: hash, b: [hash, { c: hash }], d: null },
      users: [{ name: 'a', password: hash }],
    });
  });

  it('is a private key, and the password of a URL, under any name', () => {
    const pem = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----';
    const { tls, urls, plain } = shown({
      tls: pem,
      urls: ['amqp://me:ge:h@im@host/x', 'https://host:8080/a:b@c'],
      plain: 'a:b@c',
    });
    expect(tls).toEqual(hash);
    expect(urls).toEqual([
      expect.stringMatching(/^amqp:\/\/me:sha256:[0-9a-f]{32}@host\/x$/),
      'https://host:8080/a:b@c',
    ]);
    expect(plain).toBe('a:b@c');
  });

  it('is what the box says, of its dotted path', () => {
    expect(shown({ a: { b: 1, c: 2 } }, (path) => path === 'a.b')).toEqual({ a: { b: hash, c: 2 } });
    expect(shown({ password: 'x' }, () => false)).toEqual({ password: 'x' });
  });

  it('looks alike where it is equal on one box, and not on two', () => {
    const one = shown({ password: 'x', old: { password: 'x' }, token: 'y' });
    expect((one.old as { password: string }).password).toBe(one.password);
    expect(one.token).not.toBe(one.password);
    expect(shown({ password: 'x' }, usual, 'other').password).not.toBe(one.password);
    expect(shown({ password: 1 }).password).not.toBe(shown({ password: '1' }).password);
  });
});

it('the other values are as exact as they are written', () => {
  const text =
    '{"big": 123456789012345678901234567890, "one": 1.0, "huge": 1e+16, "emoji": "\\ud83d\\ude00", "<<": 1}';
  const root = readConfigurationText(text);
  expect(plainConfiguration(root)).toEqual({
    ...{ big: '123456789012345678901234567890', one: 1, huge: 1e16, emoji: '😀', '<<': 1 },
  });
});

describe('the salt of a box', () => {
  it('is made once, for the agent alone', async () => {
    const file = path.join(newFolder(), 'state/salt');
    const all = await Promise.all([boxSalt(file), boxSalt(file), boxSalt(file)]);
    for (const one of [...all, await boxSalt(file)]) expect(one).toEqual(all[0]);
    expect(all[0]).toHaveLength(32);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['salt']);
  });
});

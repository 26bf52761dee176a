import { createPublicKey, verify } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEnvelope, sealManifest, signatureOf } from '../../artifact/signing/envelope.ts';
import { judge, type Wanted } from '../../artifact/signing/judge.ts';
import {
  chosenKey,
  createKey,
  keyNames,
  keysFolder,
  loadKey,
  publicKeyFrom,
} from '../../artifact/signing/keyFiles.ts';
import { makeSigningKey, readPublicKey, signingKeyPem } from '../../artifact/signing/keys.ts';
import { type Manifest, manifestBytes } from '../../artifact/signing/manifest.ts';
import { fits, type Trust } from '../../artifact/signing/trust.ts';
import { trustedKeys, trustKey } from '../../artifact/signing/trustFile.ts';
import { trustFrom } from '../../artifact/signing/trustSettings.ts';
import { ci, newFolder, trustAll, trustCi } from '../support/repository.ts';

const now = Date.parse('2026-03-01T00:00:00Z');
const manifest: Manifest = {
  app: 'shop',
  channel: 'master',
  artifact: 'shop.tar.gz',
  version: '3',
  sha256: 'a'.repeat(64),
  size: 5,
  created: '2026-02-01T00:00:00.000Z',
  metadata: { commit_msg: 'Grüße\n"x"', commit: 'abc' },
};
const wanted: Wanted = { app: 'shop', channel: 'master', artifact: 'shop.tar.gz', version: '3', now };
const sealed = (of: Partial<Manifest> = {}, key = ci) =>
  openEnvelope(sealManifest({ ...manifest, ...of }, key));

describe('a manifest', () => {
  it('has the same bytes whatever the order of its keys', () => {
    const { metadata, ...rest } = manifest;
    const turned = { metadata: { commit: 'abc', commit_msg: 'Grüße\n"x"' }, ...rest };
    expect(manifestBytes(turned).equals(manifestBytes(manifest))).toBe(true);
    expect(manifestBytes(manifest).toString()).toBe(
      '{"app":"shop","artifact":"shop.tar.gz","channel":"master","created":"2026-02-01T00:00:00.000Z",' +
        `"metadata":{"commit":"abc","commit_msg":"Grüße\\n\\"x\\""},"sha256":"${'a'.repeat(64)}","size":5,"version":"3"}`,
    );
  });

  it('is signed as DSSE says, so that other tools can check it', () => {
    const { payload, payloadType, signatures } = JSON.parse(sealManifest(manifest, ci));
    const body = Buffer.from(payload, 'base64');
    const bytes = Buffer.concat([Buffer.from(`DSSEv1 36 ${payloadType} ${body.length} `), body]);
    expect(payloadType).toHaveLength(36);
    const key = createPublicKey(ci.object);
    expect(verify(null, bytes, key, Buffer.from(signatures[0].sig, 'base64'))).toBe(true);
    expect(signatures[0].keyid).toBe(ci.public.id);
  });

  it.each([
    ['not JSON', ''],
    ['nothing', 'null'],
    ['no envelope', '{}'],
    ['a name that leads elsewhere', sealManifest({ ...manifest, version: '../x' }, ci)],
    ['no digest', sealManifest({ ...manifest, sha256: 'short' }, ci)],
    ['no size', sealManifest({ ...manifest, size: -1 }, ci)],
    ['no time', sealManifest({ ...manifest, created: 'yesterday' }, ci)],
    ['no such time', sealManifest({ ...manifest, expires: '2026-13-45T00:00:00Z' }, ci)],
  ])('with %s is none', (_, text) => {
    expect(openEnvelope(text)).toBeUndefined();
  });
});

describe('an artifact is judged by its manifest', () => {
  const verdict = (envelope: ReturnType<typeof sealed>, trust: Trust, more: Partial<Wanted> = {}) => {
    try {
      return judge(envelope, { ...wanted, ...more }, trust);
    } catch (error) {
      return (error as Error).message;
    }
  };
  const other = makeSigningKey('other');
  const only = (app: string, channel: string): Trust => ({
    keys: [{ name: 'ci', key: ci.public, app, channel }],
    unsigned: [],
  });

  it('and may be used when a trusted key signed it', () => {
    expect(verdict(sealed(), trustCi)).toEqual({ signedBy: 'ci' });
    expect(verdict(sealed(), only('sh*', 'm*r'))).toEqual({ signedBy: 'ci' });
    expect(verdict(sealed({ expires: '2026-03-01T00:00:00.001Z' }), trustCi)).toEqual({ signedBy: 'ci' });
  });

  it('and without a signature only where the settings say so', () => {
    const unsigned = openEnvelope(sealManifest(manifest, undefined));
    expect(verdict(unsigned, trustAll)).toEqual({ signedBy: undefined });
    expect(verdict(undefined, trustAll)).toEqual({ signedBy: undefined });
    expect(verdict(unsigned, trustCi)).toContain('it is not signed');
    expect(verdict(undefined, trustCi)).toContain('it is not signed');
    expect(verdict(unsigned, { keys: [], unsigned: [{ app: 'blog', channel: '*' }] })).toContain(
      'not signed',
    );
  });

  it.each([
    [
      'another key',
      sealed({}, other),
      trustCi,
      `no key that is trusted here signed it, but ${other.public.id}`,
    ],
    ['a key for other apps', sealed(), only('blog', '*'), 'signed by ci, which is trusted for blog/* only'],
    ['a key for other channels', sealed(), only('*', 'qa'), 'signed by ci, which is trusted for */qa only'],
    [
      'another app',
      sealed({ app: 'blog' }),
      trustCi,
      'swapped: its manifest is that of blog/master/shop.tar.gz 3',
    ],
    ['another channel', sealed({ channel: 'qa' }), trustCi, 'swapped'],
    ['another version', sealed({ version: '2' }), trustCi, 'swapped'],
    ['another artifact', sealed({ artifact: 'x.tar' }), trustCi, 'swapped'],
    ['another app, unsigned', sealed({ app: 'blog' }), trustAll, 'swapped'],
    ['its time is over', sealed({ expires: '2026-03-01T00:00:00.000Z' }), trustCi, 'expired at 2026-03-01'],
    [
      'it is old',
      sealed(),
      { ...trustCi, maxAge: 86_400_000 },
      'longer ago than artifacts.trust.maxAge allows',
    ],
  ])('and refused: %s', (_, envelope, trust, reason) => {
    expect(verdict(envelope, trust)).toMatch(/^shop\/master 3 is refused: /);
    expect(verdict(envelope, trust)).toContain(reason);
  });

  it('and refused below the lowest version that is allowed', () => {
    expect(verdict(sealed(), trustCi, { minimum: '3' })).toEqual({ signedBy: 'ci' });
    expect(verdict(sealed(), trustCi, { minimum: '10' })).toContain('older than 10');
  });

  it('and refused when its signature was altered, also where none is needed', () => {
    const { payload, ...rest } = JSON.parse(sealManifest(manifest, ci));
    const text = Buffer.from(payload, 'base64').toString().replace('"size":5', '"size":6');
    const altered = openEnvelope(JSON.stringify({ payload: Buffer.from(text).toString('base64'), ...rest }));
    for (const trust of [trustCi, { ...trustCi, ...trustAll, keys: trustCi.keys }]) {
      expect(verdict(altered, trust)).toContain(
        'its manifest was altered: the signature of ci does not fit it',
      );
    }
  });

  it('one right signature of a key is enough', () => {
    const { signatures, ...rest } = JSON.parse(sealManifest(manifest, ci));
    const wrong = { keyid: ci.public.id, sig: Buffer.alloc(64).toString('base64') };
    const envelope = openEnvelope(JSON.stringify({ signatures: [wrong, ...signatures], ...rest }));
    expect(envelope && signatureOf(envelope, ci.public)).toBe(true);
  });
});

describe('keys in files', () => {
  it('are for their owner alone, and read back', () => {
    const folder = path.join(newFolder(), 'keys');
    const made = createKey(folder, 'ci');
    expect(fs.statSync(path.join(folder, 'ci.key')).mode & 0o777).toBe(0o600);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    expect(loadKey(folder, 'ci').public.text).toBe(made.public.text);
    expect(publicKeyFrom(path.join(folder, 'ci.pub')).id).toBe(made.public.id);
    expect(publicKeyFrom(made.public.text).id).toBe(made.public.id);
    expect(keyNames(folder)).toEqual(['ci']);
  });

  it('are never overwritten', () => {
    const folder = newFolder();
    createKey(folder, 'ci');
    const before = fs.readFileSync(path.join(folder, 'ci.key'), 'utf8');
    expect(() => createKey(folder, 'ci')).toThrow('there is a key ci already');
    expect(fs.readFileSync(path.join(folder, 'ci.key'), 'utf8')).toBe(before);
  });

  it.skipIf(process.platform === 'win32')('are refused where others may read them', () => {
    const folder = newFolder();
    createKey(folder, 'ci');
    fs.chmodSync(path.join(folder, 'ci.key'), 0o640);
    expect(() => loadKey(folder, 'ci')).toThrow('run chmod 600');
  });

  it('must be named where there are several', () => {
    const folder = newFolder();
    expect(chosenKey(folder, undefined)).toBeUndefined();
    createKey(folder, 'a');
    expect(chosenKey(folder, undefined)?.name).toBe('a');
    createKey(folder, 'b');
    expect(() => chosenKey(folder, undefined)).toThrow('name the key to sign with (--key): a, b');
    expect(() => chosenKey(folder, 'c')).toThrow('there is no key c');
    expect(() => chosenKey(folder, '../a')).toThrow('cannot be the name of a key');
  });

  it.each([['ed25519:AAAA'], ['rsa:x'], ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----']])(
    'a public key is not %j',
    (text) => {
      expect(() => readPublicKey(text)).toThrow('an Ed25519 key is needed');
    },
  );

  it('a private key that is given as a public one is not shown', () => {
    expect(() => readPublicKey(signingKeyPem(ci))).toThrow(/^cannot read this as a public key/);
  });

  it('stand in the folder that the environment says', () => {
    expect(keysFolder({ XDG_CONFIG_HOME: '/c' })).toBe(path.join('/c', 'strata', 'keys'));
    expect(keysFolder({ XDG_CONFIG_HOME: 'relative' })).toMatch(/\.config.strata.keys$/);
  });
});

describe('trust', () => {
  it('is kept by name, for patterns', () => {
    const folder = newFolder();
    const key = { name: 'ci', key: ci.public, app: 'shop-*', channel: 'master' };
    trustKey(folder, key);
    trustKey(folder, { ...key, name: 'other', app: '*' });
    trustKey(folder, { ...key, app: 'shop' });
    expect(trustedKeys(folder).map((one) => [one.name, one.app, one.key.id])).toEqual([
      ['other', '*', ci.public.id],
      ['ci', 'shop', ci.public.id],
    ]);
  });

  it('is not guessed from a file that cannot be read', () => {
    const folder = newFolder();
    fs.writeFileSync(path.join(folder, 'trusted.json'), '{"keys": [{"name": "ci"}]}');
    expect(() => trustedKeys(folder)).toThrow('is no list of trusted keys');
  });

  it('comes from the manifest too', () => {
    const keys = [{ name: 'ci', key: ci.public.text, app: 'shop', channel: '*' }];
    const trust = trustFrom({ keys, unsigned: ['blog', 'site/qa'], maxAge: '90d' }, []);
    expect(trust.keys[0]).toMatchObject({ name: 'ci', app: 'shop' });
    expect(trust.unsigned).toEqual([
      { app: 'blog', channel: '*' },
      { app: 'site', channel: 'qa' },
    ]);
    expect(trust.maxAge).toBe(90 * 86_400_000);
    expect(() => trustFrom({ keys: [], unsigned: [], maxAge: 'soon' }, [])).toThrow('"soon" is no time');
  });

  it.each([
    ['*', 'anything', true],
    ['shop', 'shop', true],
    ['shop', 'shop2', false],
    ['shop-*', 'shop-eu', true],
    ['shop.x', 'shopyx', false],
    ['*eu*', 'shop-eu-1', true],
    ['', 'shop', false],
  ])('the pattern %j and %j: %s', (pattern, name, expected) => {
    expect(fits(pattern, name)).toBe(expected);
  });
});

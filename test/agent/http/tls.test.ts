import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../agent/certificate/selfSigned.ts';
import { placesOf } from '../../../agent/config/places.ts';
import { readConfig } from '../../../agent/config/readConfig.ts';
import { run } from '../../support/cli.ts';
import { writeFiles } from '../../support/workspaceFiles.ts';
import { strataAgent } from '../support/agentCommand.ts';
import { testDoor } from '../support/door.ts';

/** A folder with what `init` makes in it. */
async function initialized(...args: string[]) {
  const folder = writeFiles('');
  const { code, stdout, stderr } = await strataAgent(['init', '--root', folder, ...args], { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const file = (name: string) => path.join(folder, '.strata/tls', name);
  const text = (name: string) => fs.readFileSync(file(name), 'utf8');
  return { folder, file, text, stdout, cert: text('certificate.pem'), key: text('key.pem') };
}

describe('a certificate that init makes', () => {
  it('is what openssl calls sound', async () => {
    const { folder, file, stdout, cert } = await initialized(
      '--name',
      'box7.example',
      '--name',
      'fe80::1:2',
      '--days',
      '30',
    );
    const shown = await run('openssl', ['x509', '-in', file('certificate.pem'), '-noout', '-text'], {
      cwd: folder,
    });
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain('Version: 3 (0x2)');
    expect(shown.stdout).toContain('Signature Algorithm: ecdsa-with-SHA256');
    expect(shown.stdout).toContain('CA:FALSE');
    expect(shown.stdout).toContain('TLS Web Server Authentication, TLS Web Client Authentication');
    expect(shown.stdout).toMatch(
      /DNS:box7\.example, IP Address:FE80:0:0:0:0:0:1:2, DNS:.*DNS:localhost, IP Address:127\.0\.0\.1, IP Address:0:0:0:0:0:0:0:1/,
    );
    const verified = await run(
      'openssl',
      ['verify', '-x509_strict', '-CAfile', file('certificate.pem'), file('certificate.pem')],
      {
        cwd: folder,
      },
    );
    expect(verified.stdout).toContain(': OK');
    const parsed = new X509Certificate(cert);
    expect(stdout).toContain(`fingerprint  ${parsed.fingerprint256}\n`);
    const days = (Date.parse(parsed.validTo) - Date.now()) / (24 * 3600_000);
    expect(Math.round(days)).toBe(30);
    expect(parsed.subject).toBe('CN=box7.example');
  });

  it('is valid beyond 2049, and has a key of its own', () => {
    const [one, other] = [1, 2].map(() => selfSigned(['a'], 36_500, Date.now()));
    const [first, second] = [one!, other!].map(({ certificate }) => new X509Certificate(certificate));
    expect(new Date(first!.validTo).getFullYear()).toBeGreaterThan(2100);
    expect(first!.serialNumber).not.toBe(second!.serialNumber);
    expect(first!.verify(first!.publicKey)).toBe(true);
    expect(first!.verify(second!.publicKey)).toBe(false);
  });

  it('is not replaced unless asked, and the key is for one pair of eyes', async () => {
    const { folder, file, cert } = await initialized();
    expect(fs.statSync(file('key.pem')).mode & 0o777).toBe(0o600);
    const again = await strataAgent(['init', '--root', folder], { cwd: folder });
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('is there already: --force replaces it');
    expect((await strataAgent(['init', '--root', folder, '--force'], { cwd: folder })).code).toBe(0);
    expect(fs.readFileSync(file('certificate.pem'), 'utf8')).not.toBe(cert);
  });

  it('comes with a config where one is wanted', async () => {
    const { folder } = await initialized(
      '--environment',
      'qa',
      '--store',
      'artifacts',
      '--address',
      '0.0.0.0:0',
    );
    const check = await strataAgent(['check', '--root', folder], { cwd: folder });
    expect(check).toMatchObject({ code: 0, stderr: '' });
    expect(check.stdout).toContain(`in qa, apps in ${folder}, listens on https://0.0.0.0:0 and unix:`);
  });
});

describe('TLS', () => {
  it('lets in who knows the certificate, and no plain HTTP', async () => {
    const { folder, cert } = await initialized();
    const door = await testDoor({ folder, listen: 'address: "127.0.0.1:0", tls: true' });
    expect(door.open.addresses[0]).toMatch(/^https:/);
    const token = door.token();
    const good = await door.ask('GET', '/v1/apps', { token, tls: { ca: cert, servername: 'localhost' } });
    expect(good.status).toBe(200);
    await expect(door.ask('GET', '/v1/apps', { token, tls: {} })).rejects.toThrow(/self.signed/);
    await expect(door.ask('GET', '/v1/apps', { token })).rejects.toThrow();
    const old = {
      host: door.host,
      port: door.port,
      ca: cert,
      maxVersion: 'TLSv1.1' as const,
      minVersion: 'TLSv1' as const,
    };
    const refused = await new Promise((resolve) => {
      tls
        .connect({ ...old, ciphers: 'DEFAULT@SECLEVEL=0' })
        .on('error', resolve)
        .on('secureConnect', () => resolve(undefined));
    });
    expect(refused).toBeInstanceOf(Error);
  });

  it('asks for a certificate of the client where it is told to', async () => {
    const server = await initialized();
    const client = await initialized('--name', 'ann');
    const stranger = await initialized('--name', 'eve');
    fs.writeFileSync(path.join(server.folder, '.strata/clients.pem'), client.cert);
    const listen = 'address: "127.0.0.1:0", clientCertificates: clients.pem';
    const door = await testDoor({ folder: server.folder, listen });
    const token = door.token();
    const base = { ca: server.cert, servername: 'localhost' };
    const asked = (more: object) => door.ask('GET', '/v1/apps', { token, tls: { ...base, ...more } });
    expect((await asked({ cert: client.cert, key: client.key })).status).toBe(200);
    await expect(asked({ cert: stranger.cert, key: stranger.key })).rejects.toThrow();
    await expect(asked({})).rejects.toThrow();
    const withoutToken = await door.ask('GET', '/v1/apps', {
      tls: { ...base, cert: client.cert, key: client.key },
    });
    expect(withoutToken.status).toBe(401);
  });

  it('takes a new certificate without a new start', async () => {
    const { folder, cert } = await initialized();
    const listen = 'address: "127.0.0.1:0", tls: true';
    const door = await testDoor({ folder, listen });
    await strataAgent(['init', '--root', folder, '--force'], { cwd: folder });
    const text = `environment: qa\nrepository: {store: /nowhere}\nlisten: {${listen}}\n`;
    const read = readConfig(text, placesOf({ root: folder }));
    if ('faults' in read) throw new Error('the config is wrong');
    door.open.reload(read.config);
    const ask = (ca: string) => door.ask('GET', '/v1/health', { tls: { ca, servername: 'localhost' } });
    await expect(ask(cert)).rejects.toThrow();
    expect(
      (await ask(fs.readFileSync(path.join(folder, '.strata/tls/certificate.pem'), 'utf8'))).status,
    ).toBe(200);
  });

  it.each([
    [
      'no key',
      (file: string) => fs.rmSync(file),
      /key\.pem cannot be read: it is not there: `strata-agent init` makes it/,
    ],
    ['no PEM', (file: string) => fs.writeFileSync(file, 'x'), /key\.pem holds no private key/],
    [
      "another's key",
      (file: string) => fs.writeFileSync(file, selfSigned(['a'], 1, 0).key),
      /does not belong to/,
    ],
  ])('with %s says so and nothing is opened', async (_, spoil, message) => {
    const { folder, file } = await initialized();
    spoil(file('key.pem'));
    await expect(testDoor({ folder, listen: 'address: "127.0.0.1:0", tls: true' })).rejects.toThrow(message);
    expect(fs.existsSync(path.join(folder, '.strata/agent.sock'))).toBe(false);
  });
});

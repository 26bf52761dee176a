import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../agent/certificate/selfSigned.ts';
import { placesOf } from '../../../agent/config/places.ts';
import { readConfig } from '../../../agent/config/readConfig.ts';
import { isRoot } from '../../artifact/support/folders.ts';
import { newFolder } from '../../support/repository.ts';
import { strataAgent } from '../support/agentCommand.ts';

const cwd = path.resolve(import.meta.dirname, '../../..');

/** A folder with a config of these lines behind the usual ones. */
function configured(more = '', base = 'environment: qa\nrepository: {store: /nowhere}\n') {
  const folder = newFolder();
  const state = path.join(folder, '.strata');
  const config = path.join(state, 'agent.yaml');
  fs.mkdirSync(path.join(state, 'tls'), { recursive: true, mode: 0o700 });
  fs.writeFileSync(config, `${base}${more}`);
  const put = (name: string, text: string, mode = 0o600) =>
    fs.writeFileSync(path.join(state, 'tls', name), text, { mode });
  return {
    folder,
    state,
    config,
    put,
    run: (...args: string[]) => strataAgent([...args, '--root', folder], { cwd }),
  };
}

describe('every kind of mistake in a config', () => {
  it.each<[string, string]>([
    ['keep: x', '3:7: expected integer, found text'],
    ['keep: -1', '3:7: '],
    ['hoks: {}', '3:1: the key `hoks` is not known here. Did you mean `hooks`?'],
    ['environment: live', '3:1: '],
    ['hooks: {timeout: 10}', '3:18: expected text'],
    ['hooks: {timeout: 10 minutes}', '3:18: `10 minutes` is no time'],
    ['listen: {address: "0.0.0.0:99999"}', '3:19: a port is at most 65535'],
    ['listen: {address: "0.0.0.0"}', '3:19: '],
    ['listen: {address: "0.0.0.0:1", tls: false}', '3:37: an address that others can reach needs TLS'],
    ['listen: {certificate: a.pem}', '3:23: counts only beside an `address`'],
    ['listen: {address: "127.0.0.1:1", tls: false, key: k}', '3:51: does not count with `tls: false`'],
    [`listen: {socket: "${'s'.repeat(120)}"}`, '3:18: a unix socket’s path'.replace('’', "'")],
    ['secrets: ["("]', '3:11: '],
    ['secrets: pin', '3:10: '],
    ['apps: {shop: {health: {}}}', '3:23: '],
    ['apps: {shop: {health: {tcp: "a:1", http: "http://b"}}}', '3:23: name one check'],
    ['apps: {shop: {health: {tcp: "a:70000"}}}', '3:29: a port is at most 65535'],
    ['apps: {"../x": {}}', '3:8: '],
    ['apps: {__proto__: {}}', '3:8: '],
    ['configs: {folder: /c, channel: a}', '3:32: does not count beside `folder`'],
    ['webhooks: [{url: "ftp://x"}]', '3:18: '],
    ['webhooks: [{url: "https://x/1"}, {url: "https://x/2"}]', '3:34: another webhook is called'],
    ['limits: {bodyBytes: 1 kB}', '3:21: '],
    ['limits: {failures: 0}', '3:20: '],
    ['a: [', '4:1: flow sequence'],
    ['\tkeep: 1', '3:1: '],
    ['--- \nkeep: 1', '3:1: '],
    ['keep: *nobody', '3:7: '],
  ])('%s', (line, expected) => {
    const places = placesOf({ root: '/box' });
    const read = readConfig(`environment: qa\nrepository: {store: /nowhere}\n${line}\n`, places);
    const faults = 'faults' in read ? read.faults : [];
    const told = faults.map((one) => `${one.line}:${one.column}: ${one.message}`);
    expect(told.join('\n')).toContain(expected);
  });

  it.each([
    ['', /the key `environment` is missing here/],
    ['- a\n', /^.*agent\.yaml:1:1: /],
    ['environment: qa\n', /1:1: the key `repository` is missing here/],
    ['environment: [qa]\nrepository: {store: 1}\n', /1:14: [\s\S]*2:21: /],
    ['environment: "a/b"\nrepository: {store: /x}\n', /1:14: /],
  ])('%j', async (text, message) => {
    const { run } = configured('', text);
    const { code, stdout, stderr } = await run('check');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('strata-agent check', () => {
  const listen = 'listen: {address: "127.0.0.1:0", tls: true}\n';
  const pair = (days = 10, now = Date.now()) => selfSigned(['box'], days, now);

  it('sees certificates that are over, or no pair, and keys that others may read', async () => {
    const day = 24 * 3600_000;
    const old = pair(10, Date.now() - 20 * day);
    const expired = configured(listen);
    expired.put('key.pem', old.key);
    expired.put('certificate.pem', old.certificate);
    const told = await expired.run('check');
    expect(told.code).toBe(1);
    expect(told.stderr).toMatch(
      /certificate\.pem has expired on \d{4}-\d\d-\d\d: `strata-agent init --force` makes another one/,
    );

    const other = configured(listen);
    other.put('key.pem', pair().key, 0o644);
    other.put('certificate.pem', pair().certificate);
    const { stderr } = await other.run('check');
    expect(stderr).toMatch(/the key .*key\.pem does not belong to .*certificate\.pem/);
    expect(stderr).toMatch(/others may read the private key/);
  });

  it('sees users and folders that are not there', async () => {
    const box = configured('root: ./file\napps: {shop: {user: nobody-of-that-name}}\n');
    fs.writeFileSync(path.join(box.state, 'file'), '');
    const { code, stderr } = await box.run('check');
    expect(code).toBe(1);
    expect(stderr).toMatch(/root: .*file is no folder/);
    if (isRoot) expect(stderr).toContain('there is no user nobody-of-that-name here');
  });
});

describe('strata-agent init', () => {
  it('twice changes nothing, unless told', async () => {
    const folder = newFolder();
    const args = ['init', '--root', folder, '--environment', 'qa', '--store', './artifacts'];
    const first = await strataAgent(args, { cwd });
    expect(first.code).toBe(0);
    const key = path.join(folder, '.strata/tls/key.pem');
    const before = fs.readFileSync(key, 'utf8');
    const second = await strataAgent(args, { cwd });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toContain('key.pem is there already: --force replaces it');
    expect(fs.readFileSync(key, 'utf8')).toBe(before);
    expect((await strataAgent([...args, '--force'], { cwd })).code).toBe(0);
    expect(fs.readFileSync(key, 'utf8')).not.toBe(before);
    expect(fs.statSync(key).mode & 0o777).toBe(0o600);
  });

  // Only root can act as somebody else.
  it.skipIf(!isRoot)('where one may not write says so, and leaves nothing', async () => {
    const folder = newFolder();
    fs.chmodSync(folder, 0o755);
    const agent = path.join(cwd, 'dist/agent.js');
    const run = () =>
      execFileSync(
        'setpriv',
        ['--reuid', '65534', '--clear-groups', process.execPath, agent, 'init', '--root', folder],
        {
          stdio: 'pipe',
          encoding: 'utf8',
        },
      );
    expect(run).toThrow(/strata-agent: EACCES/);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('strata-agent run', () => {
  it('says which port is taken, and leaves no socket behind', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const box = configured(
      `listen: {address: "127.0.0.1:${port}"}\n`,
      `environment: qa\nrepository: {store: "${newFolder()}"}\n`,
    );
    const { code, stdout, stderr } = await box.run('run');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`nothing can listen on 127.0.0.1:${port}: `);
    expect(stderr).toContain('EADDRINUSE');
    expect(fs.existsSync(path.join(box.state, 'agent.sock'))).toBe(false);
    server.close();
  });
});

describe('strata-agent token', () => {
  it.each([
    [['new', ''], 1, 'is no name'],
    [['new', 'a b'], 1, 'is no name'],
    [['new', 'a'.repeat(65)], 1, 'is no name'],
    [['new', 'ann', '--channel', ''], 2, 'It has letters'],
    [['new', 'ann', '--scope', ''], 2, 'It is one of'],
    [['new', 'ann', '--expires', '-1d'], 2, ''],
    [['new', 'ann', '--expires', '0d'], 2, 'over at once'],
    [['new', 'ann', '--expires', '99999999999d'], 2, 'Write 12h'],
    [['revoke'], 2, "missing required argument 'token'"],
    [['revoke', '../agent'], 1, 'there is no token ../agent'],
    [['list', 'x'], 2, 'too many arguments'],
  ])('%j', async (args, code, message) => {
    const box = configured();
    const told = await box.run('token', ...args);
    expect(told).toMatchObject({ code, stdout: '' });
    expect(told.stderr).toContain(message);
    expect(fs.existsSync(path.join(box.state, 'tokens'))).toBe(false);
  });

  it('says which token file is damaged', async () => {
    const box = configured();
    fs.mkdirSync(path.join(box.state, 'tokens'));
    fs.writeFileSync(path.join(box.state, 'tokens/0123456789abcdef.json'), '{"id":');
    const { code, stderr } = await box.run('token', 'list');
    expect(code).toBe(1);
    expect(stderr).toContain('0123456789abcdef.json is no token: remove it, and make a new one');
  });
});

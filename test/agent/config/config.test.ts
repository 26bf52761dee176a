import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentConfig } from '../../../agent/config/config.ts';
import { faultText } from '../../../agent/config/fault.ts';
import { loadConfig } from '../../../agent/config/loadConfig.ts';
import { placesOf } from '../../../agent/config/places.ts';
import { readConfig } from '../../../agent/config/readConfig.ts';
import { makeSigningKey } from '../../../artifact/signing/keys.ts';
import { writeFiles } from '../../support/workspaceFiles.ts';

const places = placesOf({ config: '/etc/strata/agent.yaml' });
const least = 'environment: qa\nrepository: {store: /srv/artifacts}\n';

/** What is wrong with a text, a line each. */
function faults(text: string): string[] {
  const read = readConfig(text, places);
  return 'faults' in read
    ? read.faults.map(faultText).map((one) => one.replace(`${places.config}:`, ''))
    : [];
}

function config(text: string): AgentConfig {
  const read = readConfig(text, places);
  if ('faults' in read) throw new Error(read.faults.map(faultText).join('\n'));
  return read.config;
}

describe('a config', () => {
  it('needs little', () => {
    const { limits, hostname, ...rest } = config(least);
    expect(rest).toEqual({
      file: '/etc/strata/agent.yaml',
      environment: 'qa',
      cluster: undefined,
      root: '/srv',
      state: '/var/lib/strata',
      listen: {
        socket: '/run/strata/agent.sock',
        socketGroup: undefined,
        address: undefined,
        tls: undefined,
      },
      repository: { store: '/srv/artifacts' },
      configs: { kind: 'artifact', app: 'configs', channel: 'master', folders: undefined },
      hooks: { user: undefined, timeout: 600_000 },
      steps: { system: false, build: false },
      keep: 3,
      apps: new Map(),
      secrets: undefined,
      webhooks: [],
      link: undefined,
    });
    expect(limits).toMatchObject({ bodyBytes: 64_000, connections: 256 });
    expect(hostname).not.toBe('');
  });

  it('may say all of this', () => {
    const { key } = { key: makeSigningKey('ci').public.text };
    const all = config(`environment: production
cluster: us
hostname: box7
root: apps
state: /data/strata
listen:
  address: "[::]:7878"
  socket: agent.sock
  socketGroup: deployers
  clientCertificates: clients.pem
repository:
  store: s3://bucket/artifacts
  s3: {endpoint: "http://127.0.0.1:9000", forcePathStyle: true}
  trust: {keys: [{name: ci, key: "${key}", app: "shop*"}], unsigned: [configs/master], maxAge: 90d}
configs: {folder: ../configs, folders: [base, us]}
hooks: {user: www-data, timeout: 90s}
keep: 5
apps:
  shop:
    user: shop
    group: adm
    keep: 1
    timeout: 5m
    health: {http: "http://127.0.0.1:8000/health", minHealthy: 10s, timeout: 2m, interval: 500ms}
  blog: {health: {tcp: "127.0.0.1:9000"}}
secrets: ["(^|[.])pin$"]
webhooks: [{url: "https://hooks.example/x", on: [failure, rollback], format: slack}, {url: "http://a"}]
limits: {bodyBytes: 10kB, headerBytes: 8192, requestTime: 5s, subscribers: 7}
`);
    expect(all.root).toBe('/etc/strata/apps');
    expect(all.listen).toEqual({
      socket: '/etc/strata/agent.sock',
      socketGroup: 'deployers',
      address: { host: '::', port: 7878 },
      tls: {
        certificate: '/data/strata/tls/certificate.pem',
        key: '/data/strata/tls/key.pem',
        clientCertificates: '/etc/strata/clients.pem',
      },
    });
    expect(all.repository.trust?.keys).toMatchObject([{ name: 'ci', app: 'shop*', channel: '*' }]);
    expect(all.configs).toEqual({ kind: 'folder', folder: '/etc/configs', folders: ['base', 'us'] });
    expect(all.apps.get('shop')).toMatchObject({
      ...{ user: 'shop', group: 'adm', keep: 1, timeout: 300_000 },
      health: { http: 'http://127.0.0.1:8000/health', minHealthy: 10_000, timeout: 120_000, interval: 500 },
    });
    expect(all.apps.get('blog')?.health).toMatchObject({
      tcp: { host: '127.0.0.1', port: 9000 },
      minHealthy: 5000,
    });
    expect(all.secrets?.map((one) => one.test('card.pin'))).toEqual([true]);
    expect(all.webhooks).toMatchObject([
      { name: 'slack-hooks.example', on: ['failure', 'rollback'], format: 'slack' },
      { name: 'json-a', on: ['start', 'success', 'failure', 'rollback'], format: 'json' },
    ]);
    expect(all.limits).toMatchObject({
      bodyBytes: 10_000,
      headerBytes: 8192,
      requestTime: 5000,
      subscribers: 7,
    });
  });

  it.each([
    ['127.0.0.1:1', '', undefined],
    ['localhost:1', '', undefined],
    ['"[::1]:1"', '', undefined],
    ['127.0.0.1:1', 'tls: true', '/var/lib/strata/tls/key.pem'],
    ['127.0.0.1:1', 'certificate: a.pem', '/var/lib/strata/tls/key.pem'],
    ['0.0.0.0:1', '', '/var/lib/strata/tls/key.pem'],
    ['box7.example:1', 'key: /k.pem', '/k.pem'],
  ])('with the address %s and %s has TLS with the key %s', (address, more, key) => {
    const text = `${least}listen: {address: ${address}${more === '' ? '' : `, ${more}`}}\n`;
    expect(config(text).listen.tls?.key).toBe(key);
  });
});

describe('what is wrong with a config is told with its place', () => {
  it.each<[string, string[]]>([
    ['', ['1:1: the key `environment` is missing here', '1:1: the key `repository` is missing here']],
    ['[]', ['1:1: this must be a mapping of keys to values, and it is a list']],
    ['environment: qa\n  x: 1\n', ['1:14:']],
    ['environment: qa\nenvironment: b\n', ['2:1:']],
    [
      `${least}enviroment: qa\n`,
      ['3:1: the key `enviroment` is not known here. Did you mean `environment`?'],
    ],
    [`${least}cluster: "a b"\n`, ['3:10: `a b` is no name: ']],
    [`${least}keep: -1\n`, ['3:7:']],
    [`${least}keep: 1.5\n`, ['3:7: expected integer, found a number']],
    ['environment: build\nrepository: {store: x}\n', ['1:14: `build` cannot name an environment']],
    ['environment: qa\nrepository: {}\n', ['2:13: the key `store` is missing here']],
    ['environment: qa\nrepository: {store: ""}\n', ['2:21: must not be empty']],
    [`${least}listen: {address: "7878"}\n`, ['3:19: `7878` is no address: write HOST:PORT']],
    [`${least}listen: {address: "127.0.0.1:99999"}\n`, ['3:19: a port is at most 65535']],
    [
      `${least}listen: {address: 0.0.0.0:1, tls: false}\n`,
      ['3:35: an address that others can reach needs TLS'],
    ],
    [
      `${least}listen: {address: 127.0.0.1:1, tls: false, key: k}\n`,
      ['3:49: does not count with `tls: false`'],
    ],
    [`${least}listen: {certificate: k}\n`, ['3:23: counts only beside an `address`']],
    [`${least}listen: {socket: /${'a'.repeat(120)}}\n`, ["3:18: a unix socket's path has at most 107 bytes"]],
    [`${least}hooks: {timeout: 10}\n`, ['3:18: expected text, found a number']],
    [`${least}hooks: {timeout: 10 min}\n`, ['3:18: `10 min` is no time: write 500ms, 10s, 5m or 2h']],
    [`${least}apps: {shop: {health: {}}}\n`, ['3:23: name one check: `http`, `tcp` or `command`']],
    [
      `${least}apps: {shop: {health: {htpp: x}}}\n`,
      ['3:24: the key `htpp` is not known here. Did you mean `http`?'],
    ],
    [`${least}apps: {shop: {health: {tcp: "a:70000"}}}\n`, ['3:29: a port is at most 65535']],
    [`${least}apps: {"../x": {}}\n`, ['3:8: `../x` is no name']],
    [`${least}configs: {folder: a, app: b}\n`, ['3:27: does not count beside `folder`']],
    [`${least}secrets: ["(", a]\n`, ['3:11: Invalid regular expression']],
    [`${least}webhooks: [{url: "ftp://x"}]\n`, ['3:18: `ftp://x` is no address']],
    [
      `${least}webhooks: [{url: "http://x", on: [end]}]\n`,
      ['3:35: must be one of start, success, failure, rollback'],
    ],
    [
      `${least}webhooks: [{ulr: "http://x"}]\n`,
      ['3:12: the key `url` is missing here', '3:13: the key `ulr` is not'],
    ],
    [
      `${least}webhooks: [{url: "http://x/1"}, {url: "http://x/2"}]\n`,
      ['3:33: another webhook is called `json-x`: give this one a `name`'],
    ],
    [`${least}limits: {bodyBytes: 10 kB}\n`, ['3:21: `10 kB` is no size']],
    [`${least}limits: {connections: 0}\n`, ['3:23:']],
    ['environment: qa\nrepository: {store: x, trust: {keys: [{key: abc}]}}\n', ['2:31:']],
    [
      'environment: qa\nrepository: {store: x, trust: {maxAge: 9y}}\n',
      ['2:40: `9y` is no time: write 30m, 12h or 90d'],
    ],
  ])('%j', (text, expected) => {
    const found = faults(text);
    for (const one of expected) expect(found).toContainEqual(expect.stringContaining(one));
    expect(found.length).toBeGreaterThan(0);
  });

  it('columns count in UTF-16 units, also with CRLF and a byte order mark', () => {
    expect(faults('environment: "😀"\r\nrepository: {store: 1}\r\n')).toEqual([
      expect.stringContaining('1:14: `😀` is no name'),
      '2:21: expected text, found a number',
    ]);
  });

  it('whatever the text is, it is a config or has faults', () => {
    const lines = fc.constantFrom(
      ...[
        'environment: qa',
        'repository: {store: x}',
        'listen:',
        '  address: 0.0.0.0:1',
        'apps: {a: {health: }}',
      ],
      ...[
        'secrets: !missing',
        '- a',
        'keep: &a 1',
        'hooks: *a',
        'apps: {? [a]: 1}',
        '\t',
        'configs: null',
        '"',
      ],
    );
    const text = fc.oneof(
      fc.array(lines, { maxLength: 8 }).map((all) => all.join('\n')),
      fc.string(),
    );
    const property = fc.property(text, (one) => {
      const read = readConfig(one, places);
      if ('faults' in read) expect(read.faults.length).toBeGreaterThan(0);
      else expect(read.config.environment).not.toBe('');
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('a config file', () => {
  it('that cannot be read says why', () => {
    const folder = writeFiles('//- /latin.yaml\nx\n');
    fs.writeFileSync(path.join(folder, 'latin.yaml'), Buffer.from([0x61, 0x3a, 0xff]));
    const load = (name: string) => () => loadConfig(placesOf({ config: path.join(folder, name) }));
    expect(load('none.yaml')).toThrow(
      /none\.yaml cannot be read: it is not there: `strata-agent init` can make it/,
    );
    expect(load('latin.yaml')).toThrow(/it is no UTF-8/);
    expect(load('.')).toThrow(/EISDIR/);
  });

  it('lies in the folder that --root names, with all else', () => {
    const root = '/home/ann/box';
    expect(placesOf({ root })).toEqual({
      config: `${root}/.strata/agent.yaml`,
      root,
      state: `${root}/.strata`,
      socket: `${root}/.strata/agent.sock`,
    });
  });
});

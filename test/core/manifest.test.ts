import { describe, expect, it } from 'vitest';
import { lineIndex } from '../../core/text/lines.ts';
import { readManifest } from '../../core/workspace/manifest.ts';
import { mapSource } from '../support/fixture.ts';

function read(text: string) {
  const files = new Map([
    ['/w/strata.yaml', text],
    ['/w/configs/common.yaml', ''],
    ['/w/apps/shop/deploy/configuration/shop-default.yaml', ''],
    ['/w/apps/my.site/deploy/configuration/my.site-default.yaml', ''],
  ]);
  return readManifest(mapSource(files), '/w/strata.yaml');
}

function problems(text: string): string[] {
  return read(text).problems.map(({ code, range, message }) => {
    const { line, character } = lineIndex(text).position(range.start);
    return `${line + 1}:${character + 1} ${code} ${message}`;
  });
}

describe('a manifest', () => {
  it('names directories, apps, environments and clusters', () => {
    const manifest = read(`
      scheme: yoconfigurator
      configs: [configs]
      apps: {shop: apps/shop, my.site: apps/my.site}
      environments: {qa: {protected: false}, production: {clusters: [us, eu], protected: true}}
      merge: {lists: replace, types: lenient}
      yaml: 1.1
    `);
    expect(manifest).toMatchObject({
      root: '/w',
      configs: ['/w/configs'],
      apps: [
        { name: 'shop', folder: '/w/apps/shop' },
        { name: 'my.site', folder: '/w/apps/my.site' },
      ],
      environments: [
        { name: 'qa', clusters: [] },
        { name: 'production', clusters: ['us', 'eu'], isProtected: true },
      ],
      merge: { lists: 'replace', types: 'lenient' },
      yaml: '1.1',
      problems: [],
    });
  });

  it('may say how an app is built', () => {
    const manifest = read(`
apps:
  shop:
    folder: apps/shop
    compression: gzip
    build:
      environment: qa
      cluster: us
      prepare: make deps
      test: false
      build: true
      outputs: [build, static]
      reports: ['**/junit.xml']
      timeout: 2.5
  my.site: {folder: apps/my.site}
`);
    expect(manifest.problems).toEqual([]);
    expect(manifest.apps).toEqual([
      {
        ...{ name: 'shop', folder: '/w/apps/shop', compression: 'gzip' },
        build: {
          ...{ environment: 'qa', cluster: 'us', steps: { prepare: 'make deps', test: false } },
          ...{ outputs: ['build', 'static'], reports: ['**/junit.xml'], timeout: 2.5 },
        },
      },
      { name: 'my.site', folder: '/w/apps/my.site' },
    ]);
  });

  it('may list folders of apps and names of environments', () => {
    const manifest = read('apps: [apps/*]\nenvironments: [local, qa]\nyaml: "1.2"\n');
    expect(manifest.apps?.map((app) => app.name)).toEqual(['my.site', 'shop']);
    expect(manifest.environments?.map((one) => one.name)).toEqual(['local', 'qa']);
  });

  it('says where artifacts are kept and whose may be used', () => {
    const { artifacts, problems } = read(`
      artifacts:
        store: ../artifacts
        s3: {region: eu-west-1, endpoint: "http://localhost:9000", forcePathStyle: true, checksums: when-required}
        trust:
          keys: [{name: ci, key: "ed25519:x", app: shop-*}]
          unsigned: [blog, site/qa]
          maxAge: 90d
    `);
    expect(problems).toEqual([]);
    expect(artifacts).toEqual({
      store: '/artifacts',
      s3: {
        region: 'eu-west-1',
        endpoint: 'http://localhost:9000',
        forcePathStyle: true,
        checksums: 'when-required',
      },
      trust: {
        keys: [{ name: 'ci', key: 'ed25519:x', app: 'shop-*', channel: '*' }],
        unsigned: ['blog', 'site/qa'],
        maxAge: '90d',
      },
    });
    expect(read('artifacts: {store: "s3://bucket/x", trust: {unsigned: true}}').artifacts).toEqual({
      store: 's3://bucket/x',
      trust: { keys: [], unsigned: ['*'] },
    });
    expect(read('artifacts: {trust: {unsigned: false}}').artifacts?.trust?.unsigned).toEqual([]);
  });

  it('names the boxes', () => {
    const { boxes, problems } = read(`
      environments: {qa: {}, production: {clusters: [us, eu]}}
      boxes:
        b1: {url: "https://b1.example:7878", environment: production, cluster: us, apps: [shop], labels: {rack: r1, canary: true}}
        b2: {url: ssh://deploy@b2, environment: qa}
    `);
    expect(problems).toEqual([]);
    expect(boxes).toEqual([
      {
        ...{ name: 'b1', url: 'https://b1.example:7878', environment: 'production', cluster: 'us' },
        ...{ apps: ['shop'], labels: { rack: 'r1', canary: 'true' } },
      },
      { name: 'b2', url: 'ssh://deploy@b2', environment: 'qa', labels: {} },
    ]);
    const local = 'boxes: {b1: {url: "unix:/run/strata agent.sock", environment: qa}}';
    expect(read(local)).toMatchObject({ boxes: [{ url: 'unix:/run/strata agent.sock' }], problems: [] });
    expect(read('boxes: {b1: {}, b2: 7, b3: {url: 1, environment: qa}}').boxes).toEqual([]);
    expect(read('boxes: []')).not.toHaveProperty('boxes');
  });

  it('names the balancers before them', () => {
    const { balancers, problems } = read(`
      environments: {qa: {}, production: {clusters: [us]}}
      apps: {shop: apps/shop}
      boxes:
        b1: {url: "https://b1", environment: qa, labels: {id: i-1}}
        b2: {url: "https://b2", environment: qa}
      balancers:
        front: {environment: qa, haproxy: {address: "tcp://[::1]:9999"}}
        edge:
          environment: production
          cluster: us
          apps: [shop]
          drain: 500ms
          timeout: 5m
          commands: {out: [aws, out, "{labels.id}"], in: [aws, in, "{labels.id}"]}
    `);
    expect(problems).toEqual([]);
    expect(balancers).toEqual([
      {
        ...{
          name: 'front',
          environment: 'qa',
          cluster: null,
          apps: null,
          drainMs: 30_000,
          timeoutMs: 60_000,
        },
        ...{ haproxy: { address: 'tcp://[::1]:9999', backend: '{app}', server: '{box}' }, commands: null },
      },
      {
        ...{ name: 'edge', environment: 'production', cluster: 'us', apps: ['shop'], drainMs: 500 },
        ...{ timeoutMs: 300_000, haproxy: null },
        commands: { out: ['aws', 'out', '{labels.id}'], in: ['aws', 'in', '{labels.id}'] },
      },
    ]);
    const local = 'balancers: {front: {environment: qa, haproxy: {address: "unix:///run/haproxy.sock"}}}';
    expect(read(local)).toMatchObject({ balancers: [{ name: 'front' }], problems: [] });
    expect(read('balancers: {a: {}, b: 7, c: {haproxy: {}}}').balancers).toEqual([]);
    expect(read('balancers: []')).not.toHaveProperty('balancers');
  });

  it('leaves to inference what it does not say', () => {
    const manifest = read('');
    expect(manifest).not.toHaveProperty('apps');
    expect(manifest.problems).toEqual([]);
  });

  it.each([
    ['enviroments: {}', '1:1 manifest the key `enviroments` is not known here. Did you mean `environments`?'],
    ['merge: {list: append}', '1:9 manifest the key `list` is not known here. Did you mean `lists`?'],
    [
      'environments: {qa: {cluster: [us]}}',
      '1:21 manifest the key `cluster` is not known here. Did you mean `clusters`?',
    ],
    ['artifacts: {trust: {bogus: []}}', '1:21 manifest the key `bogus` is not known here.'],
    ['boxes: {b1: {url: "https://b"}}', '1:13 manifest the key `environment` is missing here'],
    [
      'boxes: {b1: {url: b1, environment: qa}}',
      '1:19 manifest `b1` is no address of an agent: write https://HOST:PORT, or ssh://HOST',
    ],
    [
      'boxes: {b1: {url: "unix:agent.sock", environment: qa}}',
      '1:19 manifest `unix:agent.sock` is no address of an agent: write https://HOST:PORT, or ssh://HOST',
    ],
    [
      'boxes: {b1: {url: "https://:7878", environment: qa}}',
      '1:19 manifest `https://:7878` names no host: write https://HOST:PORT, or ssh://HOST',
    ],
    [
      'boxes: {b1: {url: "https://me:geheim@b1", environment: qa}}',
      '1:19 manifest a password does not belong into the manifest: keep tokens in the environment or in the file of credentials',
    ],
    [
      'environments: [qa]\nboxes: {b1: {url: "https://b1", environment: qs}}',
      '2:46 manifest there is no environment `qs`; there are: qa',
    ],
    [
      'environments: {qa: {clusters: [us]}}\nboxes: {b1: {url: "https://b1", environment: qa, cluster: eu}}',
      '2:59 manifest the environment `qa` has no cluster `eu`; there are: us',
    ],
    [
      'apps: [apps/shop]\nboxes: {b1: {url: "https://b1", environment: qa, apps: [shp]}}',
      '2:57 manifest there is no app `shp`; there are: shop',
    ],
    [
      'balancers: {front: {environment: qa}}',
      '1:13 manifest say how the balancer is told: by `haproxy` or by `commands`, one of them',
    ],
    [
      'balancers: {front: {environment: qa, haproxy: {address: "lb:9999"}}}',
      "1:57 manifest `lb:9999` is no address of HAProxy's runtime API: write tcp://HOST:PORT, or unix:///PATH",
    ],
    [
      'boxes: {b1: {url: "https://b1", environment: qa}, b2: {url: "https://b2", environment: qa}}\nbalancers: {front: {environment: qa, haproxy: {address: "tcp://lb:1", server: web}}}',
      '2:79 manifest `web` would be 2 boxes: put `{box}` into it, or `{labels.NAME}`',
    ],
    [
      'balancers: {front: {environment: qa, drain: 30, commands: {out: [a], in: [b]}}}',
      '1:45 manifest expected text, found a number',
    ],
    [
      'balancers: {front: {environment: qa, drain: 30d, commands: {out: [a], in: [b]}}}',
      '1:45 manifest `30d` is no time: write a number with ms, s, m or h behind it, as in 30s',
    ],
    [
      'balancers: {front: {environment: qa, commands: {out: [a]}}}',
      '1:48 manifest the key `in` is missing here',
    ],
    [
      'balancers: {front: {environment: qa, commands: {out: [], in: [b]}}}',
      '1:54 manifest must not be empty',
    ],
    [
      'environments: [qa]\nbalancers: {front: {environment: qs, commands: {out: [a], in: [b]}}}',
      '2:34 manifest there is no environment `qs`; there are: qa',
    ],
    ['artifacts: {store: [x]}', '1:20 manifest expected text, found a list'],
    ['configs: configs', '1:10 manifest expected a list, found text'],
    ['configs: [config]', '1:11 manifest there is no folder `config` beside the manifest'],
    ['apps: {shop: apps/shp}', '1:14 manifest there is no folder `apps/shp` beside the manifest'],
    [
      'apps: {"a b": apps/shop}',
      '1:8 manifest `a b` is no name: a name has 1 to 64 letters, digits, `.`, `_` or `-` and starts with a letter or digit',
    ],
    [
      'environments: [build]',
      '1:16 manifest `build` cannot name an environment: layers ending in `-build` have a meaning of their own',
    ],
    [
      'environments: {overrides: }',
      '1:16 manifest `overrides` cannot name an environment: layers ending in `-overrides` have a meaning of their own',
    ],
    [': \n"😀', '1:1 manifest the key `\ufffd` is not known here.'],
    ['merge: {lists: add}', '1:16 manifest must be one of append, replace'],
    ['yaml: "2"', '1:7 manifest must be one of 1.2, 1.1'],
    ['apps: {shop: [x]}', '1:14 manifest expected text or a mapping, found a list'],
    ['apps: {shop: {build: {}}}', '1:14 manifest the key `folder` is missing here'],
    [
      'apps: {shop: {folder: apps/shop, biuld: {}}}',
      '1:34 manifest the key `biuld` is not known here. Did you mean `build`?',
    ],
    ['apps: {shop: {folder: apps/shop, compression: xz}}', '1:47 manifest must be one of zstd, gzip'],
    ['apps: {shop: {folder: apps/shop, build: {timeout: 0}}}', '1:51 manifest must be more than 0'],
    ['apps: {shop: {folder: nowhere}}', '1:23 manifest there is no folder `nowhere` beside the manifest'],
    ['- a', '1:1 not-a-mapping this must be a mapping of keys to values, and it is a list'],
    [
      'apps: {',
      '1:8 yaml-syntax flow map in block collection must be sufficiently indented and end with a }',
    ],
  ])('%s', (text, expected) => {
    expect(problems(text)).toContain(expected);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete } from '../../core/features/completion/complete.ts';
import { settingDocumentation } from '../../core/features/completion/documentation.ts';
import { context } from '../../core/layers/context.ts';
import { applyEdits } from '../../core/text/edits.ts';
import { modelOf, parseFixture } from '../support/fixture.ts';

const manifest = `
  //- /w/strata.yaml
  configs: [configs]
  apps: {shop: shop, site: site}
  environments: {local: , qa: , production: {clusters: [us, eu]}}
  //- /w/site/deploy/configuration/site-default.yaml
  site: {}
  //- /w/configs/common-production.yaml
  common:
    db:
      # Where the database is.
      # Ask ops.
      host: "db: one"
      ssl: true
      pool: {size: 5}
      hosts: [a, "b"]
    "it's: a key": 1
    level: info
  //- /w/configs/shop.yaml
  common: {db: {port: 5432, host: !missing, user: 'me, you', pool: {max: 1}}}
`;

function open(text: string) {
  const fixture = parseFixture(manifest + text.replace(/^\n/, '').replace(/^ {4}/gm, ''));
  const model = modelOf(fixture.files);
  const chosen = context('shop', 'production', { cluster: 'eu' });
  const { file, offset } = fixture.cursor;
  return { ...fixture, model, chosen, found: complete(model, file, offset, chosen) };
}

const anyFiles = [
  '/w/configs/shop-production.yaml',
  '/w/shop/deploy/configuration/public-data.yaml',
  '/w/strata.yaml',
];

/** What is offered in a layer of the shop that stands above all others but one. */
function inLayer(text: string, file = '/w/configs/shop-production.yaml') {
  return open(`\n      //- ${file}\n${text.replace(/^\n/, '')}`);
}

function labels(text: string, file?: string): string[] {
  const { found } = inLayer(text, file);
  return found.toSorted((a, b) => (a.sort < b.sort ? -1 : 1)).map((one) => one.label);
}

/** The file after one of the completions is put in. */
function applied(text: string, label: string, file?: string): string {
  const { found, files, cursor } = inLayer(text, file);
  const one = found.find((completion) => completion.label === label);
  return one === undefined ? `no ${label}` : applyEdits(files.get(cursor.file)!, [one.edit]);
}

describe('completion of keys', () => {
  const all = ['host', 'ssl', 'pool', 'hosts', 'port', 'user'];

  it.each([
    ['on an empty line, by its indent', '      common:\n        db:\n          $0\n', all],
    [
      'on an empty line further out',
      '      common:\n        db:\n          port: 1\n        $0\n',
      ["it's: a key", 'level'],
    ],
    [
      'before what follows',
      '      common:\n        db:\n          $0\n          port: 1\n        level: x\n',
      all.filter((one) => one !== 'port'),
    ],
    ['between half typed neighbours', '      common:\n        x\n        db:\n          $0', all],
    [
      'with its colon',
      '      common:\n        db:\n          po$0rt: 1\n          user: x\n',
      all.filter((one) => one !== 'user'),
    ],
    ['between braces', '      common: {db: {$0}}\n', all],
    ['behind a comma', '      common: {db: {port: 1, $0}}\n', all.filter((one) => one !== 'port')],
    [
      'between braces that are open',
      '      common: {db: {port: 1, h$0\n',
      all.filter((one) => one !== 'port'),
    ],
    [
      'between braces on several lines',
      '      common: {\n        db: { # }\n          $0\n        }\n      }\n',
      all,
    ],
    ['in a dotted key', '      common.db.$0\n', all],
    ['behind a stray quote in a dotted key', "      common.'$0\n", ['db', "it's: a key", 'level']],
    ['in the middle of a dotted key', '      common.d$0b.host: x\n', ['db', "it's: a key", 'level']],
    ['below a dotted key', '      common.db:\n        $0\n', all],
    ['in quotes', '      common:\n        db:\n          "po$0"\n', all],
    ['below an anchor', '      common: &x\n        db: # here\n          $0\n', all],
    ['at the top', '      $0\n', ['common']],
    ['behind a text block', '      x: |\n        db:\n      common:\n        db:\n          $0\n', all],
    [
      'behind a quoted text of several lines',
      '      x: "a\n        b: c"\n      common:\n        db:\n          $0\n',
      all,
    ],
    ['below a list', '      x:\n      - 1\n      common:\n        db:\n          $0\n', all],
    ['in a comment', '      common:\n        db:\n          # $0\n', []],
    ['in a comment behind', '      common:\n        db: # $0\n', []],
    ['in a text block', '      common:\n        db: |\n          h$0\n', []],
    ['on an empty line of a text block', '      common:\n        db: |\n          h\n          $0\n', []],
    ['in a list', '      common:\n        - h: 1\n          $0\n', []],
    ['below a text', '      common:\n        db: x\n          $0\n', []],
    ['before a key', '      common:\n       $0 db: x\n', []],
  ])('%s', (_, text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  it('half typed above another, of which the text does not parse', () => {
    const { files, model, chosen, cursor } = inLayer(
      '      common:\n        db:\n          $0\n          port: 1\n',
    );
    const text = files.get(cursor.file)!;
    files.set(cursor.file, `${text.slice(0, cursor.offset)}po${text.slice(cursor.offset)}`);
    model.fileChanged(cursor.file);
    const found = complete(model, cursor.file, cursor.offset + 2, chosen);
    expect(found.map((one) => one.label)).toEqual(all.filter((one) => one !== 'port'));
  });

  it('knows types, and the keys of lower layers come first', () => {
    const { found } = inLayer('      common.db:\n        $0\n', '/w/configs/common-production-eu.yaml');
    expect(found.map(({ label, detail, sort }) => `${sort} ${label}: ${detail}`)).toMatchInlineSnapshot(`
      [
        "000000 host: string",
        "000001 ssl: boolean",
        "000002 pool: mapping",
        "000003 hosts: list",
        "100004 port: integer",
        "100005 user: string",
      ]
    `);
  });

  it('keeps the style and the indent', () => {
    expect(applied('      common:\n         $0\n', 'db')).toBe('common:\n   db:\n     \n');
    expect(applied('      common:\n        db:\n          $0\n', 'port')).toBe(
      'common:\n  db:\n    port: \n',
    );
    expect(applied('      common:\n        db:\n          po$0 # x\n', 'port')).toBe(
      'common:\n  db:\n    port:  # x\n',
    );
    expect(applied('      common:\n        db:\n          po$0rt: 1\n', 'host')).toBe(
      'common:\n  db:\n    host: 1\n',
    );
    expect(applied('      common:\n        db:\n          $0\n', 'hosts')).toBe(
      'common:\n  db:\n    hosts:\n      - \n',
    );
    expect(applied('      common:\n        $0\n', "it's: a key")).toBe('common:\n  "it\'s: a key": \n');
    expect(applied("      common:\n        '$0'\n", "it's: a key")).toBe("common:\n  'it''s: a key': \n");
    expect(applied('      common: {$0}\n', 'db')).toBe('common: {db: }\n');
    expect(applied('      common.d$0\n', 'db')).toBe('common.db\n');
    expect(applied('      {"common": {"$0"}}', 'db', '/w/configs/shop-production.json')).toBe(
      '{"common": {"db": }}',
    );
    expect(applied('      {"common": {$0}}', 'level', '/w/configs/shop-production.json')).toBe(
      '{"common": {"level": }}',
    );
    expect(applied('      common:\r\n        $0\r\n', 'db')).toBe('common:\r\n  db:\r\n    \r\n');
  });
});

describe('completion anywhere', () => {
  it('answers at every place of any text, with what stands on the line of the cursor', () => {
    const piece = fc.constantFrom(
      ...[
        'common',
        'db',
        'host',
        ': ',
        ':',
        '\n',
        '\n  ',
        '\n    ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        ', ',
        '"',
        "'",
      ],
      ...['!missing', '&x ', '*x', '# ', '|', '\r\n', '.', '\t', '---\n', '? '],
    );
    const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, fc.nat(), fc.constantFrom(...anyFiles), (content, place, file) => {
        const offset = place % (content.length + 1);
        const { files } = parseFixture(manifest);
        files.set('/w/shop/deploy/configuration/shop-default.yaml', 'shop: {}');
        const model = modelOf(files.set(file, content));
        for (const { edit } of complete(model, file, offset, undefined)) {
          expect(edit.range.start).toBeLessThanOrEqual(offset);
          expect(edit.range.end).toBeGreaterThanOrEqual(offset);
          expect(content.slice(edit.range.start, edit.range.end)).not.toMatch(/[\r\n]/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('completion of values', () => {
  it.each([
    ['of a text', '      common:\n        db:\n          host: $0\n', ['"db: one"', '!missing', '!deleted']],
    [
      'behind the colon',
      '      common:\n        db:\n          host:$0\n',
      ['"db: one"', '!missing', '!deleted'],
    ],
    [
      'of a boolean',
      '      common:\n        db:\n          ssl: $0 # x\n',
      ['true', 'false', '!missing', '!deleted'],
    ],
    ['of a list', '      common:\n        db:\n          hosts: $0\n', ['!replace', '!missing', '!deleted']],
    ['half typed', '      common.db.port: 5$0\n', ['5432', '!missing', '!deleted']],
    ['of a tag', '      common.db.port: !m$0\n', ['5432', '!missing', '!deleted']],
    ['between braces', '      common: {db: {port: $0}}\n', ['5432', '!missing', '!deleted']],
    [
      'between braces, behind the colon',
      '      common: {db: {port:$0, user: x}}\n',
      ['5432', '!missing', '!deleted'],
    ],
    [
      'in JSON',
      '      {"common": {"db": {"user": "$0"}}}\n',
      ['"me, you"'],
      '/w/configs/shop-production.json',
    ],
    ['of an element', '      common:\n        db:\n          hosts:\n            - $0\n', ['a', '"b"']],
    [
      'of an element on the level of its key',
      '      common:\n        db:\n          hosts:\n          - a\n          - $0\n',
      ['"b"'],
    ],
    ['of an element between brackets', '      common.db.hosts: [b, $0]\n', ['a']],
    ['in a comment', '      common.db.port: 1 # $0\n', []],
    ['behind a value', '      common.db.port: 1 $0\n', []],
    ['of an anchor', '      common.db.port: &$0\n', []],
    ['behind a tag', '      common.db.port: !missing $0\n', []],
    ['in a list of mappings', '      common.db.hosts:\n        - host: $0\n', []],
  ])('%s', (_, text, expected, file?: string) => {
    expect(labels(text, file)).toEqual(expected);
  });

  it('are written as YAML wants them there', () => {
    expect(applied('      common.db.host:$0\n', '"db: one"')).toBe('common.db.host: "db: one"\n');
    expect(applied('      common.db.host: o$0ne # x\n', '"db: one"')).toBe('common.db.host: "db: one" # x\n');
    expect(applied('      common.db.host: "$0"\n', '"db: one"')).toBe('common.db.host: "db: one"\n');
    expect(applied('      common.db.hosts: $0\n', '!replace')).toBe('common.db.hosts: !replace \n');
    expect(applied('      common: {db: {user: $0}}\n', "'me, you'")).toBe(
      "common: {db: {user: 'me, you'}}\n",
    );
    expect(applied('      common:\n        db:\n          hosts:\n            -$0\n', 'a')).toBe(
      'common:\n  db:\n    hosts:\n      - a\n',
    );
  });
});

describe('the documentation of a completion', () => {
  it('is the comment above the key and the value in every environment', () => {
    const { model, chosen, cursor } = inLayer('      $0\n');
    expect(settingDocumentation(model, cursor.file, ['common', 'db', 'host'], chosen)).toMatchInlineSnapshot(`
      "Where the database is.
      Ask ops.

      - local, qa: \`!missing\` (shop.yaml)
      - production/us, production/eu: \`"db: one"\` (common-production.yaml)"
    `);
  });
});

describe('completion in public data', () => {
  const list = '/w/shop/deploy/configuration/public-data.yaml';

  it('offers the dotted paths that are not in the list', () => {
    expect(
      labels('      - common.db\n      - common.db.pool.max\n      - $0\n', list),
    ).toMatchInlineSnapshot(`
      [
        "common",
        "common.db.host",
        "common.db.hosts",
        "common.db.pool",
        "common.db.pool.size",
        "common.db.port",
        "common.db.ssl",
        "common.db.user",
        "common.it's: a key",
        "common.level",
        "yoconfigurator",
        "yoconfigurator.app",
        "yoconfigurator.environment",
      ]
    `);
    expect(applied('      # public\n      - common.d$0b\n', 'common.db.port', list)).toBe(
      '# public\n- common.db.port\n',
    );
    expect(labels('      - common # $0\n', list)).toEqual([]);
  });
});

describe('completion in the manifest', () => {
  const buildKeys = [
    ...['environment', 'cluster', 'configure', 'prepare', 'build', 'test', 'package', 'outputs', 'reports'],
    'timeout',
  ];
  it.each([
    [
      'of keys',
      'yaml: 1.1\n$0\n',
      ['scheme', 'configs', 'apps', 'environments', 'merge', 'artifacts', 'boxes', 'balancers'],
    ],
    ['of keys further down', 'merge:\n  lists: append\n  ty$0\n', ['types']],
    ['of keys of an environment', 'environments:\n  production: {$0}\n', ['clusters', 'protected']],
    ['of values', 'merge:\n  lists: $0\n', ['append', 'replace']],
    ['of the version', 'yaml: $0\n', ['1.2', '1.1']],
    ['of directories', 'configs: [$0]\n', ['shop', 'site']],
    ['of apps', 'apps:\n  shop: $0\n', ['shop', 'site']],
    ['of the folder of an app', 'apps:\n  shop:\n    folder: $0\n', ['shop', 'site']],
    ['of keys of an app', 'apps:\n  shop:\n    folder: shop\n    $0\n', ['compression', 'build']],
    ['of steps of its build', 'apps:\n  shop:\n    build: {te$0}\n', buildKeys],
    ['of its compression', 'apps:\n  shop:\n    compression: $0\n', ['zstd', 'gzip']],
    ['of keys of a box', 'boxes:\n  b1: {url: x, $0}\n', ['environment', 'cluster', 'apps', 'labels']],
    [
      'of keys of a balancer',
      'balancers:\n  front: {environment: qa, $0}\n',
      ['cluster', 'apps', 'drain', 'timeout', 'haproxy', 'commands'],
    ],
    ['of keys of HAProxy', 'balancers:\n  front: {haproxy: {$0}}\n', ['address', 'backend', 'server']],
    ['of folders below', 'apps:\n  - shop/$0\n', ['shop/deploy', 'shop/*']],
    ['in comments', '# $0\n', []],
  ])('%s', (_, text, expected) => {
    const fixture = parseFixture(`
      //- /w/strata.yaml
      ${text.replaceAll('\n', '\n      ').trimEnd()}
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: 1
      //- /w/site/deploy/configuration/site-default.yaml
      a: 1
    `);
    const found = complete(modelOf(fixture.files), '/w/strata.yaml', fixture.cursor.offset, undefined);
    expect(found.map((one) => one.label)).toEqual(expected);
  });
});

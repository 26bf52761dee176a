import { describe, expect, it } from 'vitest';
import { complete } from '../../core/features/completion/complete.ts';
import { settingDocumentation } from '../../core/features/completion/documentation.ts';
import { hover } from '../../core/features/hover.ts';
import { schemaText } from '../../core/features/settingSchema.ts';
import { typeDefinition } from '../../core/features/typeDefinition.ts';
import { context } from '../../core/layers/context.ts';
import { applyEdits } from '../../core/text/edits.ts';
import { openBelow, shopManifest } from '../support/fixture.ts';

const schema = `
      //- /w/shop/deploy/configuration/schema.json
      {
        "properties": {
          "shop": {
            "properties": {
              "port": {"title": "Port", "description": "Where it listens.", "type": "integer", "default": 8000},
              "mode": {"$ref": "#/$defs/mode", "description": "How it runs."},
              "debug": {"type": "boolean", "deprecated": true},
              "tags": {"type": "array", "items": {"enum": ["a", "b: c"]}},
              "db": {"type": "object", "properties": {"host": {"type": "string"}, "port": {"type": "integer"}}},
              "any": true
            },
            "patternProperties": {"^x-": {"description": "An extension."}},
            "additionalProperties": {"type": ["string", "null"]}
          }
        },
        "$defs": {"mode": {"enum": ["fast", "slow", "true", null]}}
      }
`;

const chosen = context('shop', 'qa');

function open(layer: string, name = 'shop/deploy/configuration/shop-qa.yaml', beginning = shopManifest) {
  return openBelow(beginning, `${schema.trimEnd()}\n      //- /w/${name}\n${layer}`);
}

describe('what the schema says of a setting', () => {
  it('stands in the hover under the table', () => {
    const { model, cursor } = open('      shop: {po$0rt: 1}\n');
    const found = hover(model, cursor.file, cursor.offset, { chosen, linkTo: (file) => file });
    const [, , table, ...rest] = found?.markdown.split('\n\n') ?? [];
    expect(table ?? found?.markdown).toBeDefined();
    expect([table, ...rest].join('\n\n')).toContain(
      '**Port**\n\nWhere it listens.\n\n*schema.json:* integer; default `8000`',
    );
  });

  it.each([
    ['shop.mode', 'How it runs.\n\n*schema.json:* one of `"fast"`, `"slow"`, `"true"`, `null`'],
    ['shop.debug', '⚠ Deprecated.\n\n*schema.json:* boolean'],
    ['shop.db.host', '*schema.json:* string'],
    ['shop.tags.3', '*schema.json:* one of `"a"`, `"b: c"`'],
    ['shop.x-y', 'An extension.'],
    ['shop.other', '*schema.json:* string or null'],
    ['shop.any', ''],
    ['shop.any.thing', ''],
    ['other', ''],
  ])('%s', (path, expected) => {
    expect(schemaText(open('').model, 'shop', path.split('.'))).toBe(expected);
  });

  it('stands in the documentation of what is offered', () => {
    const { model } = open('      shop: {}\n');
    const file = '/w/shop/deploy/configuration/shop-qa.yaml';
    expect(settingDocumentation(model, file, ['shop', 'port'], chosen)).toContain('Where it listens.');
  });
});

describe('completion from the schema', () => {
  /** Each label with the line that it makes. */
  function offered(layer: string, name?: string): string[] {
    const { model, cursor, files } = open(layer, name);
    const text = files.get(cursor.file) ?? '';
    const found = complete(model, cursor.file, cursor.offset, chosen).filter((one) => one.kind !== 'tag');
    return found.map((one) => {
      const after = applyEdits(text, [one.edit]).split('\n');
      const line = text.slice(0, cursor.offset).split('\n').length - 1;
      return `${one.label} (${one.detail}): ${after.slice(line).join('|')}`;
    });
  }

  it('offers keys with their types', () => {
    expect(offered('      shop:\n        port: 1\n        $0\n')).toMatchInlineSnapshot(`
      [
        "mode (string):   mode: |",
        "debug (boolean):   debug: |",
        "tags (list):   tags:|    - |",
        "db (mapping):   db:|    |",
        "any (null):   any: |",
      ]
    `);
  });

  it('offers keys in a dotted key, and those of other layers first', () => {
    expect(
      offered('      shop.db.$0\n      //- /w/configs/common.yaml\n      shop: {db: {user: x, port: 2}}\n'),
    ).toMatchInlineSnapshot(`
      [
        "user (string): shop.db.user|",
        "port (integer): shop.db.port|",
        "host (string): shop.db.host|",
      ]
    `);
  });

  it.each([
    ['shop:\n        mode: $0', ['  mode: fast', '  mode: slow', '  mode: "true"', '  mode: null']],
    [
      'shop: {mode: f$0}',
      ['shop: {mode: fast}', 'shop: {mode: slow}', 'shop: {mode: "true"}', 'shop: {mode: null}'],
    ],
    ['shop:\n        debug: $0', ['  debug: true', '  debug: false']],
    ['shop:\n        port: $0', ['  port: 8000']],
    ['shop:\n        tags:\n          - $0', ['    - a', '    - "b: c"']],
    ['shop:\n        tags: [b, $0]', ['  tags: [b, a]', '  tags: [b, "b: c"]']],
    ['shop:\n        any: $0', []],
    ['nobody: $0', []],
  ])('offers values: %j', (layer, expected) => {
    const lines = offered(`      ${layer}\n`).map((one) => one.replace(/^.*\(schema\.json\): (.*)\|$/, '$1'));
    expect(lines).toEqual(expected);
  });

  it('offers values in a JSON layer', () => {
    expect(
      offered('      {"shop": {"mode": $0}}\n', 'shop/deploy/configuration/shop-qa.json'),
    ).toMatchInlineSnapshot(`
      [
        ""fast" (schema.json): {"shop": {"mode": "fast"}}|",
        ""slow" (schema.json): {"shop": {"mode": "slow"}}|",
        ""true" (schema.json): {"shop": {"mode": "true"}}|",
        "null (schema.json): {"shop": {"mode": null}}|",
      ]
    `);
  });
});

describe('go to type definition', () => {
  function target(layer: string, name?: string, beginning?: string) {
    const { model, cursor, files } = open(layer, name, beginning);
    const found = typeDefinition(model, cursor.file, cursor.offset, chosen);
    return found?.definitions.map(({ file, keyRange }) => {
      return `${file}: ${files.get(file)?.slice(keyRange.start, keyRange.end)}`;
    });
  }
  const file = '/w/shop/deploy/configuration/schema.json';

  it.each([
    ['shop: {po$0rt: 1}', '"port"'],
    ['shop: {mode: fa$0st}', '"mode"'],
    ['shop.db.ho$0st: x', '"host"'],
    ['shop.x-$0y: x', '"^x-"'],
    ['shop.o$0ther: x', '"additionalProperties"'],
    ['shop.a$0ny: x', '"any"'],
  ])('of %s leads to its name in the schema', (layer, name) => {
    expect(target(`      ${layer}\n`)).toEqual([`${file}: ${name}`]);
  });

  it('works in public data and in shared layers', () => {
    expect(target('      - shop.p$0ort\n', 'shop/deploy/configuration/public-data.yaml')).toEqual([
      `${file}: "port"`,
    ]);
    expect(target('      shop: {po$0rt: 1}\n', 'configs/common.yaml')).toEqual([`${file}: "port"`]);
  });

  it('leads to the entry of the app in the manifest where no schema speaks of it', () => {
    expect(target('      oth$0er: 1\n')).toEqual(['/w/strata.yaml: shop']);
    expect(target('      site: {a$0: 1}\n', 'site/deploy/configuration/site-qa.yaml')).toEqual([
      '/w/strata.yaml: site',
    ]);
    const listed = shopManifest.replace('{shop: shop, site: site}', '[shop, ./site]');
    expect(target('      s$0ite: 1\n', 'site/deploy/configuration/site-qa.yaml', listed)).toEqual([
      '/w/strata.yaml: ./site',
    ]);
    const all = shopManifest.replace('{shop: shop, site: site}', '["./*"]');
    expect(target('      s$0ite: 1\n', 'site/deploy/configuration/site-qa.yaml', all)).toEqual([
      '/w/strata.yaml: "./*"',
    ]);
    const inferred = shopManifest.replace('apps: {shop: shop, site: site}', '');
    expect(target('      oth$0er: 1\n', undefined, inferred)).toBeUndefined();
    expect(target('      a: 1\n      $0\n')).toBeUndefined();
  });
});

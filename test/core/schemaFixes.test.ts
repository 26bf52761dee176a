import { describe, expect, it } from 'vitest';
import { actionsAt, changed } from '../support/actions.ts';
import { openBelow, shopManifest } from '../support/fixture.ts';

const schema = `
      //- /w/shop/deploy/configuration/schema.json
      {
        "properties": {
          "shop": {
            "properties": {
              "mode": {"enum": ["fast", "slow", "true", null]},
              "color": {"enum": ["red", "green", "blue", "black", "white", "yellow"]},
              "only": {"const": "x: y"},
              "port": {"type": "integer", "minimum": 1, "maximum": 65535},
              "ratio": {"type": "number", "maximum": 1.5},
              "debug": {"type": ["boolean", "null"]},
              "hosts": {"type": "array", "items": {"enum": ["a", "b"]}},
              "name": {"type": "string", "pattern": "^[a-z]+$"},
              "either": {"type": ["integer", "string"]},
              "db": {"required": ["host"], "properties": {"host": {}, "pool": {}}, "additionalProperties": false}
            }
          }
        }
      }
`;

/** Each fix at the cursor of a layer, the preferred one with a star, and the layer as it is then. */
function fixes(layer: string, name = 'shop/deploy/configuration/shop-qa.yaml', more = ''): string[] {
  const { files, model, cursor } = openBelow(
    shopManifest,
    `${schema.slice(1)}${more}      //- /w/${name}\n      ${layer}\n`,
  );
  return actionsAt(model, cursor.file, cursor.offset, { only: ['quickfix'] }).map((one) => {
    const change = one.change();
    const text = change === undefined ? 'refused' : changed(files, change).get(cursor.file)?.trimEnd();
    return `${one.preferred ? '* ' : ''}${one.title}: ${text}`;
  });
}

describe('a value that the schema does not list', () => {
  it('is changed to the one that is nearly the same, or to any', () => {
    expect(fixes('shop: {mode: fas$0tt}')).toEqual([
      '* Change to `fast`: shop: {mode: fast}',
      'Change to `slow`: shop: {mode: slow}',
      'Change to `true`: shop: {mode: "true"}',
      'Change to `null`: shop: {mode: null}',
    ]);
  });

  it('of many is changed to the one that is nearly the same alone', () => {
    expect(fixes("shop: {color: 'g$0reen '}")).toEqual(['* Change to `green`: shop: {color: green}']);
    expect(fixes('shop: {color: $0pink}')).toEqual([]);
  });

  it('is changed to the only one', () => {
    expect(fixes('shop: {only: $0z}')).toEqual(['* Change to `x: y`: shop: {only: "x: y"}']);
  });

  it('is changed in a list, and in JSON', () => {
    expect(fixes('shop: {hosts: [a, $0c, b]}')).toEqual([
      'Change to `a`: shop: {hosts: [a, a, b]}',
      'Change to `b`: shop: {hosts: [a, b, b]}',
    ]);
    expect(fixes('{"shop": {"mode": "$0slo"}}', 'configs/shop-qa.json')[0]).toBe(
      '* Change to `slow`: {"shop": {"mode": "slow"}}',
    );
  });

  it('stays where it has an anchor, or comes through an alias', () => {
    expect(fixes('shop: {mode: &m $0slo, more: *m}')).toEqual([]);
    expect(fixes('shop: {more: &m slo, mode: $0*m}')).toEqual([]);
  });
});

describe('a value of a type that the schema does not want', () => {
  it.each([
    ['shop: {port: $0"80"}', ['* Make it an integer: shop: {port: 80}']],
    ['shop: {ratio: $0"1.25"}', ['* Make it a float: shop: {ratio: 1.25}']],
    ['shop: {ratio: $0"1"}', ['* Make it an integer: shop: {ratio: 1}']],
    ['shop: {debug: $0yes}', ['* Make it a boolean: shop: {debug: true}']],
    ['shop: {hosts: $0a}', ['* Make it a list: shop: {hosts: [a]}']],
    ['shop: {either: $01.5}', ['* Make it a string: shop: {either: "1.5"}']],
    ['shop: {either: $0true}', ['* Make it a string: shop: {either: "true"}']],
    ['shop: {port: $0many}', []],
    ['shop: {port: {$0a: 1}}', []],
  ])('%s', (layer, expected) => {
    expect(fixes(layer)).toEqual(expected);
  });

  it('is left alone where the schema is broken in another way then', () => {
    expect(fixes('shop: {port: $0"70000"}')).toEqual(['* Make it an integer: refused']);
    expect(fixes('shop: {name: $012}')).toEqual(['* Make it a string: refused']);
  });

  it('is left alone where the layers below have that type', () => {
    const below = '      //- /w/configs/common.yaml\n      shop: {port: "1"}\n';
    expect(fixes('shop: {port: $0"80"}', undefined, below)).toEqual(['* Make it an integer: refused']);
  });
});

describe('what else breaks a schema', () => {
  it('is changed to the limit that it is beyond', () => {
    expect(fixes('shop: {port: $070000}')).toEqual(['Change to `65535`: shop: {port: 65535}']);
    expect(fixes('shop: {port: $00}')).toEqual(['Change to `1`: shop: {port: 1}']);
    expect(fixes('shop: {ratio: $02}')).toEqual([]);
    expect(fixes('shop: {name: $0A}')).toEqual([]);
  });

  it('is changed to the key that is meant', () => {
    expect(fixes("shop: {db: {host: 1, '$0pol': 2}}")).toEqual([
      "* Change to `pool`: shop: {db: {host: 1, 'pool': 2}}",
    ]);
    expect(fixes('shop: {db.host: 1, db.$0pol: 2}')).toEqual([
      '* Change to `pool`: shop: {db.host: 1, db.pool: 2}',
    ]);
    expect(fixes('shop: {db: {host: 1, $0other: 2}}')).toEqual([]);
  });

  it('stays where the key is there already', () => {
    expect(fixes('shop: {db: {host: 1, pool: 1, $0pol: 2}}')).toEqual(['* Change to `pool`: refused']);
  });

  it('has no fix for what is missing', () => {
    expect(fixes('shop: {$0db: {}}')).toEqual([]);
  });
});

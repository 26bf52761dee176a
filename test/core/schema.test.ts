import { describe, expect, it } from 'vitest';
import { contextsText } from '../../core/features/contextsText.ts';
import { lint } from '../../core/features/lint.ts';
import { openBelow, shopManifest } from '../support/fixture.ts';

/** The schema problems of a fixture below the manifest, as `file:line:column setting: message [contexts]`. */
function told(text: string): string[] {
  const { model } = openBelow(shopManifest, text);
  const found = lint(model).filter((one) => one.code === 'schema');
  return found.map((one) => {
    expect(one.severity).toBe('error');
    const { line, character } = model.lines(one.file).position(one.range.start);
    const file = one.file.slice(one.file.lastIndexOf('/') + 1);
    const setting = one.setting === undefined ? '' : ` ${one.setting}`;
    return `${file}:${line + 1}:${character + 1}${setting}: ${one.message} [${contextsText(model, one.contexts)}]`;
  });
}

/** What a schema, given as YAML properties of `shop`, says of a layer for qa. */
function check(properties: string, yaml: string): string[] {
  return told(`
      //- /w/shop/deploy/configuration/schema.yaml
      properties: {shop: {properties: {${properties}}}}
      //- /w/shop/deploy/configuration/shop-qa.yaml
${yaml.replace(/^/gm, '      ')}
`);
}

describe('schema', () => {
  it('is told at the layer that gives the value, once for all contexts', () => {
    expect(
      told(`
      //- /w/configs/common.yaml
      shop: {port: 70000, name: x}
      //- /w/shop/deploy/configuration/shop-production.yaml
      shop.name: 5 letters
      //- /w/shop/deploy/configuration/schema.json
      {
      \t"$schema": "http://json-schema.org/draft-07/schema#",
      \t"properties": {
      \t\t"shop": {"properties": {
      \t\t\t"port": {"type": "integer", "maximum": 65535},
      \t\t\t"name": {"enum": ["x", "y"]}
      \t\t}}
      \t}
      }
`),
    ).toMatchInlineSnapshot(`
      [
        "common.yaml:1:14 shop.port: \`70000\` is more than the maximum 65535 of schema.json [shop: every context]",
        "shop-production.yaml:1:12 shop.name: \`"5 letters"\` is none of the values that schema.json allows: \`"x"\`, \`"y"\` [shop: production/us, production/eu]",
      ]
    `);
  });

  it.each([
    ['a: {type: string}', 'shop.a: 1', '1:9 shop.a: `1` is an integer, and schema.yaml wants a string'],
    [
      'a: {type: [string, integer]}',
      'shop.a: true',
      '1:9 shop.a: `true` is a boolean, and schema.yaml wants a string or an integer',
    ],
    ['a: {type: integer}', 'shop.a: 1.5', '1:9 shop.a: `1.5` is a float, and schema.yaml wants an integer'],
    ['a: {type: integer}', 'shop.a: 1.0'],
    [
      'a: {enum: [debug, info]}',
      'shop.a: infos',
      '1:9 shop.a: `"infos"` is none of the values that schema.yaml allows: `"debug"`, `"info"`. Did you mean `info`?',
    ],
    ['a: {const: 1}', 'shop.a: 2', '1:9 shop.a: `2` stands where schema.yaml allows `1` alone'],
    ['a: {exclusiveMinimum: 0}', 'shop.a: 0', '1:9 shop.a: `0` is not above the limit 0 of schema.yaml'],
    ['a: {multipleOf: 5}', 'shop.a: 7', '1:9 shop.a: `7` is no multiple of the step 5 of schema.yaml'],
    [
      'a: {minLength: 3}',
      'shop.a: ü😀',
      '1:9 shop.a: `"ü😀"` is shorter than the minimum length 3 of schema.yaml',
    ],
    [
      'a: {pattern: "^[a-z]+$"}',
      'shop.a: X',
      '1:9 shop.a: `"X"` does not match the pattern `^[a-z]+$` of schema.yaml',
    ],
    [
      'a: {format: ipv4}',
      'shop.a: 1.2.3',
      '1:9 shop.a: `"1.2.3"` does not have the format `ipv4` that schema.yaml wants',
    ],
    ['a: {maxItems: 1}', 'shop.a: [1, 2]', '1:6 shop.a: schema.yaml wants at most 1 element here'],
    [
      'a: {uniqueItems: true}',
      'shop.a: [{x: 1}, {x: 1}]',
      '1:6 shop.a: an element stands here twice, and schema.yaml wants each once',
    ],
    [
      'a: {items: {type: string}}',
      'shop:\n  a:\n    - x\n    - 1',
      '4:7 shop.a.1: `1` is an integer, and schema.yaml wants a string',
    ],
    [
      'a: {items: {required: [k]}}',
      'shop:\n  a:\n    - j: 1\n      l: 2',
      '3:7 shop.a.0.k: schema.yaml requires `k`, and no layer gives it',
    ],
    [
      'a: {items: {properties: {k: {type: string}}}}',
      'shop:\n  a:\n    - j: 1\n      k: 2',
      '4:10 shop.a.0.k: `2` is an integer, and schema.yaml wants a string',
    ],
    [
      'a: {contains: {const: 1}}',
      'shop.a: [2, 3]',
      '1:6 shop.a: no element is what schema.yaml wants one to be',
    ],
    [
      'a: {minContains: 2, contains: {const: 1}}',
      'shop.a: [2, 1]',
      '1:6 shop.a: schema.yaml wants at least 2 fitting elements here',
    ],
    ['a: {not: {const: 1}}', 'shop.a: 1', '1:9 shop.a: `1` is what schema.yaml rules out'],
    [
      'a: {anyOf: [{type: string}, {maximum: 5}]}',
      'shop.a: 7',
      '1:9 shop.a: `7` fits none of the alternatives of schema.yaml: `7` is an integer, and schema.yaml wants a string; `7` is more than the maximum 5 of schema.yaml',
    ],
    [
      'a: {oneOf: [{type: integer}, {maximum: 5}]}',
      'shop.a: 4',
      '1:9 shop.a: `4` fits 2 alternatives of schema.yaml where one may fit',
    ],
    [
      'a: {additionalProperties: false, properties: {host: {}}}',
      'shop.a.hots: 7',
      '1:8 shop.a.hots: schema.yaml knows no `hots` here. Did you mean `host`?',
    ],
    [
      'a: {additionalProperties: {type: string}}',
      'shop.a.b: 7',
      '1:11 shop.a.b: `7` is an integer, and schema.yaml wants a string',
    ],
    [
      'a: {unevaluatedProperties: false, allOf: [{properties: {b: {}}}]}',
      'shop.a: {b: 1, c: 2}',
      '1:16 shop.a.c: schema.yaml knows no `c` here',
    ],
    [
      'a: {patternProperties: {"^x": {type: string}}}',
      'shop.a.xy: 7',
      '1:12 shop.a.xy: `7` is an integer, and schema.yaml wants a string',
    ],
    [
      'a: {propertyNames: {pattern: "^[a-z]+$"}}',
      'shop.a.B: 7',
      '1:8 shop.a.B: the key `B` does not match the pattern `^[a-z]+$` of schema.yaml',
    ],
    ['a: {minProperties: 2}', 'shop.a.b: 7', '1:6 shop.a: schema.yaml wants at least 2 keys here'],
    ['a: {required: [b, c]}', 'shop.a.b: 7', '1:6 shop.a.c: schema.yaml requires `c`, and no layer gives it'],
    [
      'a: {dependentRequired: {b: [c]}}',
      'shop.a.b: 7',
      '1:6 shop.a.c: where `b` is, schema.yaml wants `c` as well',
    ],
    [
      'a: {if: {properties: {b: {const: 1}}}, then: {required: [c]}}',
      'shop.a.b: 1',
      '1:6 shop.a.c: schema.yaml requires `c`, and no layer gives it',
    ],
    ['a: {properties: {b: false}}', 'shop.a.b: 1', '1:8 shop.a.b: schema.yaml knows no `b` here'],
    [
      'a: {type: string}',
      'shop.a: null',
      '1:9 shop.a: there is no value (null), and schema.yaml wants a string',
    ],
    [
      'a: {type: string}',
      'shop:\n  a:',
      '2:3 shop.a: there is no value (null), and schema.yaml wants a string',
    ],
    [
      'a: {type: string}',
      "shop: {'a': &x 1, b: *x}",
      '1:16 shop.a: `1` is an integer, and schema.yaml wants a string',
    ],
    ['a: {type: string}', 'shop.a: !missing why'],
    ['a: {required: [b]}', 'shop.a.b: !missing why'],
    [
      'a: {anyOf: [{properties: {b: {type: string}}}, {properties: {b: {type: integer}}}]}',
      'shop.a.b: !missing why',
    ],
    ['a: {if: {properties: {b: {const: 1}}}, then: {}, else: {required: [c]}}', 'shop.a.b: !missing why'],
    ['a: {uniqueItems: true}', 'shop.a: [!missing x, !missing y]'],
    ['a: {properties: {b: {type: string}}}', 'shop.a: {b: !deleted , c: 1}'],
    ['a: {type: integer, exclusiveMaximum: 9007199254740993}', 'shop.a: 9007199254740992'],
    [
      'a: {maximum: 9007199254740992}',
      'shop.a: 99999999999999999999999',
      '1:9 shop.a: `99999999999999999999999` is more than the maximum 9007199254740992 of schema.yaml',
    ],
    ['a: {multipleOf: 3}', 'shop.a: 900719925474099300003'],
    ['a: {uniqueItems: true}', 'shop.a: [9007199254740992, 9007199254740993]'],
    [
      'a: {type: string}',
      'shop.a: 9007199254740993',
      '1:9 shop.a: `9007199254740993` is an integer, and schema.yaml wants a string',
    ],
    ['a: {anyOf: [{multipleOf: 3}, {type: string}]}', 'shop.a: 900719925474099300003'],
    ['a: {type: number}', 'shop.a: .inf'],
  ])('%s: %s', (properties, yaml, ...expected) => {
    expect(check(properties, yaml)).toEqual(expected.map((one) => `shop-qa.yaml:${one} [shop: qa]`));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lint } from '../../core/features/lint.ts';
import { settingSchema } from '../../core/features/settingSchema.ts';
import type { Problem } from '../../core/problem.ts';
import { compileSchema } from '../../core/schema/compile.ts';
import type { Model } from '../../core/workspace/model.ts';
import { modelOf, openBelow, shopManifest } from '../support/fixture.ts';

const file = '/w/shop/deploy/configuration/schema.json';

/** The schema problems of the app shop with a schema file and one layer. */
function problemsWith(
  schema: string,
  layer = 'shop: {a: 1}\n',
  name = file,
): { model: Model; found: Problem[] } {
  const { files } = openBelow(shopManifest, '');
  files.set(name, schema);
  files.set('/w/shop/deploy/configuration/shop-default.yaml', layer);
  const model = modelOf(files);
  return { model, found: lint(model).filter((one) => one.code === 'schema') };
}

describe('a schema that cannot be used is one problem in its file', () => {
  it.each([
    ['that is empty', '', '', 'the file is empty'],
    ['cut off', '{"type": "obj', '', 'missing closing "quote'],
    ['of no object', '[1]', '[1]', 'it must be an object, and it is a list'],
    ['with a wrong type', '{"properties": {"a": {"type": "strng"}}}', '"type"', '`type` takes one of array'],
    ['with no list of names', '{"required": "a"}', '"required"', '`required` takes a list of names'],
    [
      'with a list for properties',
      '{"properties": []}',
      '"properties"',
      '`properties` takes a mapping of names',
    ],
    ['with a text for a number', '{"maximum": "5"}', '"maximum"', '`maximum` takes a number'],
    ['with an empty anyOf', '{"anyOf": []}', '"anyOf"', '`anyOf` takes a list of schemas'],
    ['with a bad pattern', '{"items": {"pattern": "("}}', '"("', '`(` is no regular expression'],
    ['with a bad name', '{"patternProperties": {"[": {}}}', '"["', '`[` is no regular expression'],
    ['with a $ref to nothing', '{"$ref": "#/$defs/x"}', '"#/$defs/x"', 'there is no schema at `#/$defs/x`'],
    [
      'with a remote $ref',
      '{"$ref": "https://example.com/a.json"}',
      '"https://example.com/a.json"',
      '`https://example.com/a.json` lies outside of this file, and nothing is fetched',
    ],
    ['that leads back to itself', '{"$ref": "#"}', '"#"', 'this leads back to itself, without end'],
    [
      'that leads back to itself in alternatives',
      '{"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, true]}}}',
      '"#/$defs/a"',
      'this leads back to itself, without end',
    ],
    [
      'of no known draft',
      '{"$schema": "https://json-schema.org/v9"}',
      '"https://json-schema.org/v9"',
      'this draft',
    ],
    ['with no address', '{"$ref": "http://["}', '', 'Invalid URL'],
    ['with tabs in YAML', 'properties:\n\ta: {}\n', undefined, ''],
    ['with our tags', '{"properties": !missing x}', '"properties"', '`properties` takes a mapping'],
  ])('%s', (_, schema, at, message) => {
    const { found } = problemsWith(schema);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ file, severity: 'error' });
    expect(found[0]?.message).toContain(`this schema cannot be used: ${message}`);
    if (at) expect(schema.slice(found[0]?.range.start, found[0]?.range.end)).toBe(at);
  });

  it('where alternatives in alternatives would take for ever', () => {
    const level = (n: number) =>
      `"l${n}": {"anyOf": [{"$ref": "#/$defs/l${n + 1}"}, {"$ref": "#/$defs/l${n + 1}"}]}`;
    const levels = Array.from({ length: 60 }, (_, n) => level(n)).join(', ');
    const { found } = problemsWith(`{"$defs": {${levels}, "l60": {"type": "string"}}, "$ref": "#/$defs/l0"}`);
    expect(found.map((one) => [one.file, one.message])).toEqual([
      [file, expect.stringContaining('takes too long')],
    ]);
  });

  it('also where it is nested more deeply than anything', () => {
    const { found } = problemsWith(`${'{"not": '.repeat(5000)}{}${'}'.repeat(5000)}`);
    expect(found).toHaveLength(1);
  });

  it('and whatever else it holds, nothing fails', () => {
    const keyword = fc.constantFrom(
      'type',
      'properties',
      '$ref',
      'items',
      'enum',
      'anyOf',
      '$id',
      '__proto__',
      'if',
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, 1, -0.5, 'string', '#', '#/properties/a', '\ud800', 'http://x/'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.array(fc.tuple(keyword, tie('json')), { maxLength: 4 }),
      ),
    }));
    fc.assert(
      fc.property(json, json, (schema, value) => {
        const text = JSON.stringify(schema);
        const { model, found } = problemsWith(text, `shop: ${JSON.stringify(value)}\n`);
        settingSchema(model, 'shop', ['shop', 'type']);
        for (const one of found) expect(one.range.end).toBeGreaterThanOrEqual(one.range.start);
      }),
    );
  });
});

describe('a schema that can be used', () => {
  it('may be recursive', () => {
    const node =
      '{"type": "object", "properties": {"type": {"const": "n"}, "below": {"$ref": "#/$defs/node"}}}';
    const schema = `{"$defs": {"node": ${node}}, "properties": {"shop": {"$ref": "#/$defs/node"}}}`;
    const layer = 'shop: {below: {below: {type: m}}}\n';
    const { model, found } = problemsWith(schema, layer);
    expect(found.map((one) => [one.setting, layer.slice(one.range.start, one.range.end)])).toEqual([
      ['shop.below.below.type', 'm'],
    ]);
    const [related] = found[0]?.related ?? [];
    expect(related?.file).toBe(file);
    expect(model.lines(file).position(related?.range.start ?? 0).character).toBe(schema.indexOf('"const"'));
  });

  it.each([
    [
      '2019-09',
      '{"$recursiveAnchor": true, "properties": {"shop": {"$recursiveRef": "#"}, "a": {"type": "string"}}}',
    ],
    [
      '2020-12',
      '{"$dynamicAnchor": "n", "properties": {"shop": {"$dynamicRef": "#n"}, "a": {"type": "string"}}}',
    ],
    [
      '2020-12',
      '{"$id": "https://x.example/s", "properties": {"shop": {"$ref": "https://x.example/s#/$defs/b"}}, "$defs": {"b": {"properties": {"a": {"type": "string"}}}}}',
    ],
    [
      'draft-07',
      '{"properties": {"shop": {"properties": {"a": {"$ref": "#name"}}}}, "definitions": {"x": {"$id": "#name", "type": "string"}}}',
    ],
    [
      'draft-04',
      '{"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"shop": {"properties": {"a": {"maximum": 1, "exclusiveMaximum": true}}}}}',
    ],
  ])('in draft %s: %s', (_, schema) => {
    expect(problemsWith(schema).found.map((one) => one.setting)).toEqual(['shop.a']);
  });

  it('tells of what the whole lacks at the start of the lowest layer of the app', () => {
    const { found } = problemsWith('{"required": ["other"]}');
    expect(found).toMatchObject([
      {
        file: '/w/shop/deploy/configuration/shop-default.yaml',
        range: { start: 0, end: 0 },
        setting: 'other',
      },
    ]);
  });

  it('says nothing of what a layer may say that cannot be read, nor of what Strata itself gives', () => {
    expect(problemsWith('{"required": ["other"]}', 'a: [\n').found).toEqual([]);
    expect(problemsWith('{"additionalProperties": false}', '').found).toEqual([]);
    expect(problemsWith('true', 'a: 1\n').found).toEqual([]);
    expect(problemsWith('{"type": "array"}', 'a: 1\n').found).toHaveLength(1);
  });

  it('is read as YAML before JSON, and without a file nothing is read', () => {
    const { found } = problemsWith('properties: {shop: false}\n', undefined, file.replace('.json', '.yml'));
    expect(found).toHaveLength(1);
    expect(compileSchema(file, '{}').fault).toBeUndefined();
  });
});

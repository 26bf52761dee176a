import { describe, expect, it } from 'vitest';
import { mergeStack } from '../../core/merge/merge.ts';
import { missingValues } from '../../core/merge/missing.ts';
import { configurationJson } from '../../core/render/json.ts';
import { defaultPolicy, type MergePolicy } from '../../core/workspace/workspace.ts';
import { stackOf } from '../support/fixture.ts';

/** Merges texts, lowest first: the result on one line, or the problems where there are some. */
function merged(texts: string[], policy: MergePolicy = defaultPolicy): string {
  const stack = stackOf(texts);
  const { root, problems } = mergeStack(stack, policy);
  const all = [...stack.flatMap((one) => one.layer.problems), ...problems, ...missingValues(stack, root)];
  if (all.length > 0) {
    return all.map((one) => `${one.code} ${one.file} ${one.setting ?? ''}: ${one.message}`).join('\n');
  }
  return configurationJson(root).replace(/\n */g, '');
}

describe('what a higher layer does to a lower one', () => {
  it.each([
    ['a new key comes last', ['a: 1', 'b: 2'], '{"a": 1,"b": 2}'],
    ['a value replaces one of its type, in its place', ['a: 1\nb: 2', 'a: 3'], '{"a": 3,"b": 2}'],
    ['mappings merge', ['a: {x: 1}', 'a: {y: 2}'], '{"a": {"x": 1,"y": 2}}'],
    ['lists append', ['a: [1]', 'a: [2]'], '{"a": [1,2]}'],
    ['!replace replaces a list', ['a: [1]', 'a: !replace [2]'], '{"a": [2]}'],
    ['!replace on a new key is the list', ['b: 1', 'a: !replace [2]'], '{"b": 1,"a": [2]}'],
    ['null gives way to anything', ['a: null', 'a: {x: 1}'], '{"a": {"x": 1}}'],
    ['!missing gives way to anything', ['a: !missing', 'a: [1]'], '{"a": [1]}'],
    ['null replaces null', ['a: ~', 'a: null'], '{"a": null}'],
    ['!deleted takes a key away', ['a: 1\nb: 2', 'a: !deleted'], '{"b": 2}'],
    ['!deleted of nothing does nothing', ['b: 2', 'a: !deleted'], '{"b": 2}'],
    ['a key that comes back stands last', ['a: 1\nb: 2', 'a: !deleted', 'a: x'], '{"b": 2,"a": "x"}'],
    [
      'a mapping that comes back is a new one',
      ['a: {x: 1, y: 2}', 'a: !deleted', 'a: {y: 3}'],
      '{"a": {"y": 3}}',
    ],
    ['!deleted inside a new mapping vanishes', ['b: 1', 'a: {x: !deleted, y: 1}'], '{"b": 1,"a": {"y": 1}}'],
    ['and inside one that replaces null', ['a: null', 'a: {x: !deleted, y: 1}'], '{"a": {"y": 1}}'],
    ['and inside a list', ['a: [{x: !deleted, y: 1}, !deleted ]'], '{"a": [{"y": 1}]}'],
    ['a dotted key is the nested path', ['a: {b: {c: 1}}', 'a.b.c: 2'], '{"a": {"b": {"c": 2}}}'],
    ['also in quotes and below', ['x: {"a.b": 1}'], '{"x": {"a": {"b": 1}}}'],
    ['dotted keys of one mapping join', ['a.b: 1\na.c: 2'], '{"a": {"b": 1,"c": 2}}'],
    ['dotted and nested keys join', ['a: {b: 1}\na.c: 2'], '{"a": {"b": 1,"c": 2}}'],
    ['an empty layer says nothing', ['a: 1', '', '# only words\n'], '{"a": 1}'],
    ['keys that look like numbers keep their order', ['b: 1\n10: 2\n9: 3'], '{"b": 1,"10": 2,"9": 3}'],
    [
      'keys of Object.prototype are ordinary',
      ['__proto__: {constructor: 1}'],
      '{"__proto__": {"constructor": 1}}',
    ],
  ])('%s', (_, texts, expected) => {
    expect(merged(texts)).toBe(expected);
  });

  it.each([
    ['string', 'integer', ['a: x', 'a: 1'], 'refusing to replace a string with an integer'],
    ['integer', 'float', ['a: 1', 'a: 1.0'], 'refusing to replace an integer with a float'],
    ['boolean', 'integer', ['a: true', 'a: 1'], 'refusing to replace a boolean with an integer'],
    ['string', 'null', ['a: x', 'a: null'], 'refusing to replace a string with null'],
    ['mapping', 'list', ['a: {}', 'a: []'], 'refusing to replace a mapping with a list'],
    ['list', 'string', ['a: []', 'a: x'], 'refusing to replace a list with a string'],
    ['string', 'list', ['a: x', 'a: !replace []'], 'refusing to replace a string with a list'],
    [
      'string',
      'missing',
      ['a: x', 'a: !missing'],
      'refusing to replace a string with a placeholder (`!missing`)',
    ],
  ])('refuses %s -> %s', (_lower, _higher, texts, message) => {
    expect(merged(texts)).toBe(`type-mismatch /1.yaml a: ${message}`);
  });

  it('names both places of a mismatch, and the lower value stays', () => {
    const stack = stackOf(['# x\na: one', 'b: 1', 'a: 2', 'a: three']);
    const { root, problems } = mergeStack(stack, defaultPolicy);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      code: 'type-mismatch',
      file: '/2.yaml',
      range: { start: 3, end: 4 },
      setting: 'a',
      related: [{ file: '/0.yaml', range: { start: 7, end: 10 } }],
    });
    expect(configurationJson(root)).toContain('"three"');
  });

  it('reports every placeholder that is left, with its reason and also in lists', () => {
    expect(merged(['a: {b: !missing ask ops}', 'c: [1, {d: !missing }]'])).toBe(
      'missing-value /0.yaml a.b: no layer gives this value (ask ops)\n' +
        'missing-value /1.yaml c.1.d: no layer gives this value',
    );
  });

  it('lets a workspace replace lists and mix types', () => {
    expect(merged(['a: [1]', 'a: [2]'], { lists: 'replace', types: 'strict' })).toBe('{"a": [2]}');
    expect(merged(['a: {x: 1}', 'a: 1'], { lists: 'append', types: 'lenient' })).toBe('{"a": 1}');
    expect(merged(['a: 1', 'a: {x: 1}'], { lists: 'append', types: 'lenient' })).toBe('{"a": {"x": 1}}');
  });
});

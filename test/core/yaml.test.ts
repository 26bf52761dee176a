import { describe, expect, it } from 'vitest';
import { mergeStack } from '../../core/merge/merge.ts';
import { configurationJson } from '../../core/render/json.ts';
import { lineIndex } from '../../core/text/lines.ts';
import { defaultPolicy, type YamlVersion } from '../../core/workspace/workspace.ts';
import { maxAliasedValues } from '../../core/yaml/aliases.ts';
import type { Layer } from '../../core/yaml/layer.ts';
import { readLayer } from '../../core/yaml/readLayer.ts';

function read(text: string, version: YamlVersion = '1.2', before?: Layer): Layer {
  return readLayer('/l.yaml', { text }, version, before);
}

/** A layer's values on one line. */
function values(layer: Layer): string {
  const stack = [{ slot: 'l', file: layer.file, layer }];
  return configurationJson(mergeStack(stack, defaultPolicy).root).replace(/\n */g, '');
}

/** A layer's problems, each with its line and column from 1. */
function problems(layer: Layer): string[] {
  return layer.problems.map(({ code, range, message }) => {
    const { line, character } = lineIndex(layer.text).position(range.start);
    return `${line + 1}:${character + 1} ${code} ${message}`;
  });
}

describe('values', () => {
  it.each([
    [
      'integers of any size',
      'a: 100000000000000000000\nb: -9007199254740993',
      '{"a": 100000000000000000000,"b": -9007199254740993}',
    ],
    [
      'integers in other bases',
      'a: 0x1F\nb: 0o17\nc: 012\nd: +5\ne: -0',
      '{"a": 31,"b": 15,"c": 12,"d": 5,"e": 0}',
    ],
    [
      'floats as Python writes them',
      'a: [1.0, 1e16, 1e-5, 5e-324, -0.0, 1e22, 123456789.125, 0.0001]',
      '{"a": [1.0,1e+16,1e-05,5e-324,-0.0,1e+22,123456789.125,0.0001]}',
    ],
    ['floats without a number', 'a: [.inf, -.inf, .nan]', '{"a": [Infinity,-Infinity,NaN]}'],
    [
      'YAML 1.2 words',
      'a: [true, True, yes, on, null, ~, Null]',
      '{"a": [true,true,"yes","on",null,null,null]}',
    ],
    [
      'text in quotes',
      'a: ["1", \'true\', "\\u00fc", "😀"]',
      '{"a": ["1","true","\\u00fc","\\ud83d\\ude00"]}',
    ],
    ['dates are text', 'a: 2015-10-02', '{"a": "2015-10-02"}'],
    [
      'standard tags',
      'a: !!str 1\nb: !!int "2"\nc: !!float 3\nd: !!null ""',
      '{"a": "1","b": 2,"c": 3.0,"d": null}',
    ],
    [
      'keys are their source text',
      '8080: 1\n1e3: 2\n~: 3\ntrue: 4\n0x1F: 5\n"q": 6',
      '{"8080": 1,"1e3": 2,"~": 3,"true": 4,"0x1F": 5,"q": 6}',
    ],
    ['block scalars', 'a: |\n  x\n  y\nb: >-\n  x\n  y', '{"a": "x\\ny\\n","b": "x y"}'],
    ['aliases', 'a: &x {b: 1}\nc: *x', '{"a": {"b": 1},"c": {"b": 1}}'],
    [
      'merge keys give what the mapping lacks, first',
      'x: &x {a: 1, b: 2}\ny: {b: 3, <<: *x}',
      '{"x": {"a": 1,"b": 2},"y": {"a": 1,"b": 3}}',
    ],
    [
      'the first of several merged mappings wins',
      'x: &x {a: 1}\nz: &z {a: 2, b: 3}\ny: {<<: [*x, *z]}',
      '{"x": {"a": 1},"z": {"a": 2,"b": 3},"y": {"a": 1,"b": 3}}',
    ],
    ['a quoted << is an ordinary key', '"<<": {a: 1}', '{"<<": {"a": 1}}'],
    ['JSON is YAML', '{"a": {"b": [1, 2.5, "x\\/y"]}}', '{"a": {"b": [1,2.5,"x/y"]}}'],
    ['CRLF', 'a: 1\r\nb:\r\n  c: x\r\n', '{"a": 1,"b": {"c": "x"}}'],
  ])('%s', (_, text, expected) => {
    const layer = read(text);
    expect(problems(layer)).toEqual([]);
    expect(values(layer)).toBe(expected);
  });

  it('reads YAML 1.1 where the workspace says so', () => {
    const text = 'a: [yes, off, 012, 1_000, 0b11, 2015-10-02, 190:20:30]';
    expect(values(read(text, '1.1'))).toBe('{"a": [true,false,10,1000,3,"2015-10-02",685230]}');
  });
});

describe('problems have a code and a place', () => {
  it.each([
    [
      'a: 1\nb: 2\na: 3',
      ['3:1 duplicate-key the key `a` is given twice in this mapping: the first one counts'],
    ],
    [
      'a: {b: 1}\na: {c: 1}',
      ['2:1 duplicate-key the key `a` is given twice in this mapping: the first one counts'],
    ],
    [
      '{"a":{"b":1},"a":{"c":1}}',
      ['1:14 duplicate-key the key `a` is given twice in this mapping: the first one counts'],
    ],
    [
      'a.b: 1\na: {b: 2}',
      ['2:5 duplicate-key the key `b` is given twice in this mapping: the first one counts'],
    ],
    ['a: 1\na.b: 2', ['2:1 duplicate-key the key `a` is given twice in this mapping: the first one counts']],
    ['- a\n- b', ['1:1 not-a-mapping this must be a mapping of keys to values, and it is a list']],
    ['just words', ['1:1 not-a-mapping this must be a mapping of keys to values, and it is a string']],
    [
      'a: 1\n---\nb: 2',
      ['2:1 several-documents a layer is one document, and a second one starts here: only the first counts'],
    ],
    ['a: *x', ['1:4 yaml-syntax no anchor `&x` stands before this alias']],
    ['a: &x [*x]', ['1:8 yaml-syntax `*x` stands inside of what it repeats']],
    ['? [a, b]\n: 1', ['1:3 yaml-syntax a key must be a single word or text']],
    [
      'a: !delete',
      [
        '1:4 yaml-syntax the tag `!delete` is not known; layers have !missing, !deleted, !replace. Did you mean `!deleted`?',
      ],
    ],
    ['a: !!int x', ['1:10 yaml-syntax `x` is not what the tag `!!int` stands for']],
    ['a: !replace x', ['1:4 yaml-syntax `!replace` stands before a list']],
    [
      'a: !missing {b: 1}',
      ['1:4 yaml-syntax `!missing` stands alone or before a reason in words, not before a collection'],
    ],
    [
      'x: 1\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\nz: 1',
      ['2:1 yaml-syntax unresolved merge conflict: keep one side'],
    ],
  ])('%j', (text, expected) => {
    expect(problems(read(text))).toEqual(expected);
  });

  it('keeps one side of a conflict and all that is around it', () => {
    const layer = read('x: 1\n<<<<<<< HEAD\na: 1\n||||||| base\na: 0\n=======\na: 2\n>>>>>>> b\nz: 1');
    expect(values(layer)).toBe('{"x": 1,"a": 1,"z": 1}');
  });

  it('stops an alias bomb', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 10; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const layer = read(lines.join('\n'));
    expect(problems(layer)[0]).toMatch(`yaml-syntax aliases stand for more than ${maxAliasedValues} values`);
  });

  it.each([
    ['lists', '['.repeat(10_000)],
    ['closed lists', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['mappings', '{a: '.repeat(10_000)],
    ['block lists', `${'- '.repeat(10_000)}a`],
  ])('refuses 10,000 levels of %s', (_, text) => {
    expect(problems(read(text)).join('\n')).toMatch('nested too deeply to be read');
  });
});

describe('half-typed YAML', () => {
  const good = 'common:\n  db:\n    host: x\n    name: z\n  log: y\nother: 1\n';

  it('keeps its neighbours', () => {
    const layer = read('common:\n  db:\n    host: x\n    por\n  log: y\nother: 1\n', '1.2', read(good));
    expect(layer.stale).toBe(false);
    expect(layer.problems).not.toEqual([]);
    expect(values(layer)).toBe('{"common": {"db": {"host": "x","por": null},"log": "y"},"other": 1}');
  });

  it('that swallows its neighbours falls back to the last good tree, with its places moved along', () => {
    const broken = good.replace('host: x', 'host: "abc');
    const layer = read(broken, '1.2', read(good));
    expect(layer.stale).toBe(true);
    expect(values(layer)).toBe(values(read(good)));
    const { keyRange } = layer.root.entries.get('other') ?? {};
    expect(broken.slice(keyRange?.start, keyRange?.end)).toBe('other');
  });

  it('may lose what the edit itself took away', () => {
    const layer = read('common:\n  log: y\nother: [1\n', '1.2', read(good));
    expect(layer.stale).toBe(false);
    expect(values(layer)).toBe('{"common": {"log": "y"},"other": [1]}');
  });

  it('is good again when it parses again', () => {
    const stale = read(good.replace('host: x', 'host: "abc'), '1.2', read(good));
    const layer = read(good.replace('host: x', 'host: "abc"'), '1.2', stale);
    expect({ stale: layer.stale, problems: layer.problems }).toEqual({ stale: false, problems: [] });
  });
});

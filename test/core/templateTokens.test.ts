import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { semanticTokens } from '../../core/features/semanticTokens.ts';
import { modelOf, parseFixture, shopManifest } from '../support/fixture.ts';

const { files } = parseFixture(shopManifest);
const template = '/w/shop/deploy/templates/nginx/shop.conf';

/** The tokens of a file with that text, as `text:type`. */
function tokensOf(text: string, file = template): string[] {
  const model = modelOf(new Map(files).set(file, text));
  return semanticTokens(model, file, undefined).map(
    ({ range, type, modifiers }) => `${text.slice(range.start, range.end)}:${[type, ...modifiers].join('.')}`,
  );
}

describe('semantic tokens of a template', () => {
  it('tell settings from variables, and delimiters from plain text', () => {
    expect(tokensOf('listen {{ aconf.port }};')).toEqual([
      '{{:operator',
      'aconf:variable',
      'port:property',
      '}}:operator',
    ]);
  });

  it('tell names in quotes from other texts', () => {
    expect(tokensOf(`{{ conf['db']["host"] ~ 'x' ~ 1.5 }}`)).toEqual([
      ...['{{:operator', 'conf:variable', "':string", 'db:property', "':string", '":string', 'host:property'],
      ...['":string', '~:operator', "'x':string", '~:operator', '1.5:number', '}}:operator'],
    ]);
  });

  it.each([
    [
      '{%- if not (a is not defined) -%}',
      'if:keyword not:keyword a:variable is:keyword not:keyword defined:function',
    ],
    [
      '{% for a, b in conf.x.items() recursive %}',
      'for:keyword a:variable b:variable in:keyword conf:variable x:property items:function recursive:keyword',
    ],
    [
      '{{ aconf.x | default(none) | join }}',
      'aconf:variable x:property |:operator default:function none:keyword |:operator join:function',
    ],
    [
      '{% set db = aconf.db %}{{ db.host == context }}',
      'set:keyword db:variable =:operator aconf:variable db:property db:variable host:property ==:operator context:variable',
    ],
    ['{% macro if_(a) %}{% endmacro %}', 'macro:keyword if_:function a:variable endmacro:keyword'],
    [
      '{% include "x" ignore missing with context %}',
      'include:keyword "x":string ignore:keyword missing:keyword with:keyword context:keyword',
    ],
    ['{{ loop.index }}{{ range(3) }}', 'loop:variable index:property range:function 3:number'],
    ['{% raw %}{{ conf.x }}{% endraw %}', 'raw:keyword endraw:keyword'],
  ])('%s', (text, expected) => {
    const inner = tokensOf(text).filter((one) => !/^(?:\{[{%]-?|-?[%}]\}):operator$/.test(one));
    expect(inner.join(' ')).toBe(expected);
  });

  it('keep to lines, in comments and in texts', () => {
    expect(tokensOf('{# one\r\n  two #}\n{{ "a\n b" }}')).toEqual([
      ...['{# one:comment', 'two #}:comment', '{{:operator', '"a:string', 'b":string', '}}:operator'],
    ]);
  });

  it('hold what is half typed', () => {
    expect(tokensOf('{{ conf.\n{% if conf["db')).toEqual([
      ...[
        '{{:operator',
        'conf:variable',
        '{%:operator',
        'if:keyword',
        'conf:variable',
        '":string',
        'db:property',
      ],
    ]);
    expect(tokensOf('')).toEqual([]);
    expect(tokensOf('{{')).toEqual(['{{:operator']);
  });

  it('are none of files beside the templates', () => {
    expect(tokensOf('{{ conf.x }}', '/w/shop/deploy/other.conf')).toEqual([]);
    expect(tokensOf('{{ conf.x }}\0')).toEqual([]);
  });

  it('stand in order, apart, each within its line, of any text', () => {
    const words = fc.constantFrom(
      ...[
        '{{',
        '}}',
        '{%',
        '%}',
        '{#',
        '#}',
        '-',
        'conf',
        '.',
        'a',
        "['b']",
        '"',
        "'",
        '\n',
        '\r\n',
        ' ',
        '|',
      ],
      ...['is', 'not', 'if', 'set', 'raw', 'endraw', '=', '(', ')', '1', 'é', '😀', 'plain'],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const model = modelOf(new Map(files).set(template, text));
        let end = 0;
        for (const { range } of semanticTokens(model, template, undefined)) {
          expect(range.start).toBeGreaterThanOrEqual(end);
          expect(range.end).toBeGreaterThan(range.start);
          expect(text.slice(range.start, range.end)).not.toMatch(/[\r\n]/);
          end = range.end;
        }
      }),
      { numRuns: 300 },
    );
  });
});

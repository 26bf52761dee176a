import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../core/templates/readTemplate.ts';
import type { Template } from '../../core/templates/template.ts';

/** The references of a template, each as `setting = how it is written`. */
function names(text: string): string[] {
  return readTemplate(text).references.map(
    ({ root, path, range }) => `${[root, ...path].join('.')} = ${text.slice(range.start, range.end)}`,
  );
}

/** What stands at every part of the references, with how it is written. */
function parts(text: string): string[][] {
  return readTemplate(text).references.map((one) =>
    one.parts.map(({ range, length, written }) => {
      return `${text.slice(range.start, range.end)} ${length} ${written}`;
    }),
  );
}

describe('references of a template', () => {
  it.each([
    ['{{ conf.a.b }}', ['conf.a.b = conf.a.b']],
    [`{{ conf['a']["b"].c }}`, [`conf.a.b.c = conf['a']["b"].c`]],
    ['{{ conf . a\n  .b }}', ['conf.a.b = conf . a\n  .b']],
    ['{{- aconf.x -}}{%+ if cconf.y +%}', ['aconf.x = aconf.x', 'cconf.y = cconf.y']],
    ['{{ conf.a[0].b }} {{ conf.a.0.b }} {{ conf.a[-1] }}', Array(3).fill('conf.a = conf.a')],
    ['{{ conf.a.items() }} {{ conf.b.upper().x }}', ['conf.a = conf.a', 'conf.b = conf.b']],
    [
      '{{ conf.items.keys }} {{ conf["items"] }}',
      ['conf.items.keys = conf.items.keys', 'conf.items = conf["items"]'],
    ],
    [
      `{{ conf.get('a').b }} {{ conf.get("a", {}).get('c') }}`,
      [`conf.a.b = conf.get('a').b`, `conf.a.c = conf.get("a", {}).get('c')`],
    ],
    ['{{ conf[aconf.name].x }}', ['conf = conf', 'aconf.name = aconf.name']],
    ["{{ 'conf.a' ~ \"it's {{ conf.b }}\" ~ conf.c }}", ['conf.c = conf.c']],
    [String.raw`{{ conf['it\'s'].a }}`, [String.raw`conf.it's.a = conf['it\'s'].a`]],
    ['{{ {"a": {"b": conf.a}} }}', ['conf.a = conf.a']],
    ['{{ f(conf.a, x=conf.b)|g(conf.c)|h }}', ['conf.a = conf.a', 'conf.b = conf.b', 'conf.c = conf.c']],
    ['{{ conf.a if conf.b else conf.c }}', ['conf.a = conf.a', 'conf.b = conf.b', 'conf.c = conf.c']],
    ['{{ conf.größe.b }}', ['conf.größe.b = conf.größe.b']],
    ['{{ configuration.a }} {{ x.conf.a }} {{ xconf.a }}', []],
    ['conf.a { conf.b } {# conf.c {{ conf.d }} #}', []],
    ['{% raw %}{{ conf.a }}{%- endraw -%}{{ conf.b }}', ['conf.b = conf.b']],
    ["{% if 'x' in conf.a %}", ['conf.a = conf.a', "conf.a.x = 'x'"]],
    ['{% for x in conf.a if conf.b %}', ['conf.a = conf.a', 'conf.b = conf.b']],
    [
      '{% include conf.a %}{% do conf.b %}{% filter indent(conf.c) %}',
      ['conf.a = conf.a', 'conf.b = conf.b', 'conf.c = conf.c'],
    ],
  ])('%s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it('tell where each part stands and how it is written', () => {
    expect(parts(`{{ conf.a['b c'].get("d") }}`)).toEqual([
      ['conf 0 variable', 'a 1 name', 'b c 2 string', 'd 3 string'],
    ]);
    expect(parts('{% set db = aconf.db %}{{ db.host }}')).toEqual([
      ['aconf 0 variable', 'db 1 name'],
      ['db 1 variable', 'host 2 name'],
    ]);
  });
});

describe('variables of a template', () => {
  it.each([
    ['set', '{% set db = aconf.db %}{{ db.host }}', ['aconf.db = aconf.db', 'aconf.db.host = db.host']],
    [
      'set anew',
      '{% set x = conf.a %}{% set x = x.b %}{{ x.c }}',
      ['conf.a = conf.a', 'conf.a.b = x.b', 'conf.a.b.c = x.c'],
    ],
    ['set to more than a setting', '{% set x = conf.a or {} %}{{ x.b }}', ['conf.a = conf.a']],
    ['set as a text', '{% set x %}a{% endset %}{{ x.b }}', []],
    [
      'with',
      '{% with a = conf.a, b = a.x %}{{ a.b }}{% endwith %}{{ a.c }}',
      ['conf.a = conf.a', 'conf.a.b = a.b'],
    ],
    ['loops', '{% for k, v in conf.a.items() %}{{ v.b }}{% endfor %}', ['conf.a = conf.a']],
    ['shadowed by set', '{% set conf = 1 %}{{ conf.a }}', []],
    [
      'shadowed by for',
      '{% for conf in [1] %}{{ conf.a }}{% else %}{{ conf.b }}{% endfor %}{{ conf.c }}',
      ['conf.b = conf.b', 'conf.c = conf.c'],
    ],
    [
      'set in one branch',
      '{% if x %}{% set y = conf.a %}{{ y.b }}{% else %}{{ y.c }}{% endif %}{{ y.d }}',
      ['conf.a = conf.a', 'conf.a.b = y.b'],
    ],
    ['conf set in one branch', '{% if x %}{% set conf = 1 %}{% endif %}{{ conf.a }}', []],
    [
      'of a macro',
      '{% macro m(conf, b=aconf.c) %}{{ conf.a }}{% endmacro %}{{ conf.d }}',
      ['aconf.c = aconf.c', 'conf.d = conf.d'],
    ],
    ['imported', "{% from 'x' import conf %}{{ conf.a }}", []],
    ['of a namespace', '{% set conf.x = 1 %}{{ conf.a }}', ['conf.a = conf.a']],
    ['of a block', '{% block b %}{% set conf = 1 %}{% endblock %}{{ conf.a }}', ['conf.a = conf.a']],
    [
      'left open',
      '{% for x in conf.a %}{% with conf = 1 %}{% endfor %}{{ conf.b }}',
      ['conf.a = conf.a', 'conf.b = conf.b'],
    ],
  ])('%s', (_, text, expected) => {
    expect(names(text)).toEqual(expected);
  });
});

describe('half-typed templates', () => {
  it.each([
    ['{{ conf.', ['conf = conf']],
    ['{{ conf.a\n{{ conf.b }}', ['conf.a = conf.a', 'conf.b = conf.b']],
    ['{{ conf.a\nconf.x\n{% if conf.b', ['conf.a = conf.a', 'conf.b = conf.b']],
    ["{{ conf['a }} x {{ conf.b }}", ["conf.a = conf['a", 'conf.b = conf.b']],
    ["{{ conf['a\nit's {{ conf.b }}", ["conf.a = conf['a", 'conf.b = conf.b']],
    [
      '{{ conf.a.. }} {{ .b conf.c }} {{ conf.if }}',
      ['conf.a = conf.a', 'conf.c = conf.c', 'conf.if = conf.if'],
    ],
    ['{{ f(conf.a }}{% for %}{% if %}{% set %}{% %}{{ conf.b }}', ['conf.a = conf.a', 'conf.b = conf.b']],
    ['{# conf.a\n{{ conf.b }}', ['conf.b = conf.b']],
    ['{{ conf.a and %}{{ conf. or conf.b }}', ['conf.a = conf.a', 'conf = conf', 'conf.b = conf.b']],
  ])('%s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });
});

function rangesOf({ blocks, references, accesses, open }: Template) {
  return [
    ...blocks.flatMap((one) => [one.range, ...one.tokens]),
    ...references.flatMap((one) => [one.range, ...one.parts.map((part) => part.range)]),
    ...[...accesses, ...open].map((one) => one.range),
  ];
}

const pieces = (
  `{{ }} {% %} {# #} {{- -%} ( ) [ ] { } . , | = == ~ ' " \\ \n \r\n conf aconf .a ['a'] conf.a x is defined not in if ` +
  'else elif endif for endfor set with endwith macro endmacro raw endraw get( default(1) 1 1.5 ü 😀 and or'
).split(' ');
const anyTemplate = fc.array(fc.oneof(fc.constantFrom(...pieces, ' '), fc.string()), { maxLength: 40 });

describe('any text', () => {
  it('is read, with every place in it', () => {
    fc.assert(
      fc.property(anyTemplate, (words) => {
        const text = words.join('');
        for (const { start, end } of rangesOf(readTemplate(text))) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('behind closed blocks does not change what was read before it', () => {
    fc.assert(
      fc.property(anyTemplate, (words) => {
        const text = '{{ conf.a }}{% if aconf.b %}{{ cconf.c }}{% endif %}';
        expect(names(text + words.join('')).slice(0, 3)).toEqual(names(text));
      }),
    );
  });

  const repeated = [
    '{{',
    '{%',
    '{#',
    '(',
    '[',
    '{',
    "'",
    '"',
    '.a',
    'a and ',
    'not ',
    'a if b else ',
    'f(conf.a, ',
    'conf[',
    'a|map(',
    '{{ (',
    "{{ '",
    '{{ conf.',
    '{{ a\n',
    "{{ '\n",
    '{{ "{{" ',
    '{% if a %}',
    '{% if a %}{% set x = 1 %}',
    '{% endif %}',
    '{% for a in b %}',
    '{% set a = a.b %}',
    '{% set conf = conf.b %}',
    '{% raw %}',
    '{% elif conf.a %}',
    '\\',
  ];
  it.each(repeated)('of 200 KB made of %j takes no quadratic time', (unit) => {
    const spent = (length: number) => {
      const start = performance.now();
      readTemplate(`{{ x${unit.repeat(length / unit.length)}`);
      return performance.now() - start;
    };
    spent(2_000);
    // Quadratic time would be minutes.
    expect(spent(200_000)).toBeLessThan(5_000);
  });
});

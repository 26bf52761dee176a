import fc from 'fast-check';

/** The configuration that generated templates are rendered with. */
export const grammarData: fc.Arbitrary<string> = fc
  .record({
    n: fc.oneof(
      fc.integer({ min: -20, max: 20 }).map(String),
      fc.constantFrom('1.5', '-0.0', '3.0', '1e20', '12345678901234567890123'),
    ),
    s: fc.constantFrom('', 'a', 'Ab c', "it's", 'x\ny', '<&>', 'é😀', '12', ' pad '),
    l: fc.array(fc.constantFrom('1', '2.0', '"b"', 'null', 'true', '[1]', '"A"'), { maxLength: 4 }),
    m: fc.uniqueArray(fc.constantFrom('a', 'b', 'C', 'items'), { maxLength: 3 }),
  })
  .map(({ n, s, l, m }) => {
    const map = m.map((key, at) => `${JSON.stringify(key)}: ${at}`).join(', ');
    const app = `{"n": ${n}, "s": ${JSON.stringify(s)}, "l": [${l.join(', ')}], "m": {${map}}, "x": null, "b": true}`;
    return `{"shop": ${app}, "common": {"k": 5}}`;
  });

const name = fc.constantFrom(
  'aconf.n',
  'aconf.s',
  'aconf.l',
  'aconf.m',
  'aconf.x',
  'aconf.b',
  'cconf.k',
  'a',
  'b',
  'c',
  'loop.index',
  'aconf.nope',
);
const literal = fc.constantFrom(
  '0',
  '1',
  '-3',
  '2.5',
  "'a'",
  "'Zb'",
  "''",
  'true',
  'none',
  '[]',
  '[1, 2]',
  "{'k': 1}",
  '(1,)',
  "['b', 'a']",
);
const filter = fc.constantFrom(
  'upper',
  'lower',
  'title',
  'length',
  'list',
  'string',
  'int',
  'float',
  'join',
  "join('-')",
  'first',
  'last',
  'sort',
  'reverse|list',
  'unique|list',
  "default('d')",
  "default('d', true)",
  'tojson',
  'e',
  'trim',
  'abs',
  'round',
  'round(1)',
  'sum',
  'max',
  'min',
  'dictsort',
  'items|list',
  "replace('a', 'b')",
  'indent(2)',
  'capitalize',
  'batch(2)|list',
  'slice(2)|list',
  "map('string')|list",
  "select('number')|list",
  'center(7)',
  'truncate(3, true, "", 0)',
  'wordcount',
  'urlencode',
  "attr('items')",
  'xmlattr',
);
const test = fc.constantFrom(
  'defined',
  'undefined',
  'none',
  'number',
  'string',
  'mapping',
  'sequence',
  'iterable',
  'odd',
  'even',
  'true',
  'lower',
  'integer',
  'float',
  'boolean',
  'eq 1',
  "in [1, 'a']",
  'divisibleby 2',
);
const sign = fc.constantFrom(
  '+',
  '-',
  '*',
  '//',
  '%',
  '/',
  '~',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  'in',
  'not in',
  'and',
  'or',
  '**',
);
const method = fc.constantFrom(
  '.upper()',
  '.split()',
  ".split('a')",
  '.strip()',
  ".startswith('a')",
  ".get('a')",
  ".get('z', 1)",
  '.keys()|list',
  '.values()|list',
  '.items()|list',
  "['a']",
  '[0]',
  '[-1]',
  '[1:]',
  '[::-1]',
  ".replace('a', 'x')",
  ".join(['x', 'y'])",
  '.a',
  ".count('a')",
  ".find('b')",
  '.title()',
  '.zfill(4)',
  '.format(1)',
);

/** Expressions over the configuration and variables. */
export const expression: fc.Arbitrary<string> = fc.letrec<{ expression: string; operand: string }>((tie) => ({
  operand: fc.oneof(
    { depthSize: 'small' },
    name,
    literal,
    tie('expression').map((one) => `(${one})`),
  ),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    name,
    literal,
    fc.tuple(tie('operand'), sign, tie('operand')).map((parts) => parts.join(' ')),
    fc.tuple(tie('operand'), filter).map(([of, one]) => `${of}|${one}`),
    fc.tuple(tie('operand'), test).map(([of, one]) => `${of} is ${one}`),
    fc.tuple(tie('operand'), method).map(([of, one]) => `${of}${one}`),
    fc.tuple(tie('operand'), tie('operand'), tie('operand')).map(([a, b, c]) => `${a} if ${b} else ${c}`),
    fc.tuple(tie('operand'), tie('operand')).map(([a, b]) => `[${a}, ${b}]`),
    fc.tuple(tie('operand'), tie('operand')).map(([a, b]) => `{${a}: ${b}}`),
    fc
      .tuple(fc.constantFrom("'%s' %", "'%d' %", "'%5.1f' %", 'not', '-'), tie('operand'))
      .map((parts) => parts.join(' ')),
    fc
      .tuple(fc.constantFrom('range', 'dict', 'm', 'namespace'), tie('operand'))
      .map(([f, one]) => `${f}(${one})`),
  ),
})).expression;

const text = fc.constantFrom('x', ' ', '\n', '\n  ', 'a b\n', '{', '}', '%', '');
const variable = fc.constantFrom('a', 'b', 'c', 'conf');
const open = fc.constantFrom('{%', '{%-', '{%+');
const close = fc.constantFrom('%}', '-%}', '+%}');

function tag(inside: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(open, inside, close).map((parts) => parts.join(' '));
}

/** A statement with a head, a body and an end. */
function block(head: fc.Arbitrary<string>, body: fc.Arbitrary<string>, end: string): fc.Arbitrary<string> {
  return fc.tuple(tag(head), body, tag(fc.constant(end))).map((parts) => parts.join(''));
}

/** Templates of statements within statements. */
export const template: fc.Arbitrary<string> = fc.letrec<{ body: string; part: string }>((tie) => ({
  body: fc.array(tie('part'), { maxLength: 4, depthIdentifier: 'body' }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc
      .tuple(fc.constantFrom('{{', '{{-'), expression, fc.constantFrom('}}', '-}}'))
      .map((parts) => parts.join(' ')),
    tag(fc.tuple(variable, expression).map(([one, value]) => `set ${one} = ${value}`)),
    fc.constantFrom(
      '{# c #}',
      '{#- c -#}',
      '{% raw %}{{ x }}{% endraw %}',
      '{% include "plain" %}',
      '{% include "uses-a" %}',
    ),
    block(
      expression.map((one) => `if ${one}`),
      tie('body'),
      'endif',
    ),
    block(
      expression.map((one) => `if ${one}`),
      fc.tuple(tie('body'), tie('body')).map((two) => two.join('{% else %}')),
      'endif',
    ),
    block(
      fc.tuple(variable, expression).map(([one, of]) => `for ${one} in ${of}`),
      tie('body'),
      'endfor',
    ),
    block(
      fc.tuple(variable, expression).map(([one, of]) => `for ${one} in ${of} if ${one}`),
      fc.tuple(tie('body'), tie('body')).map((two) => two.join('{%- else %}')),
      'endfor',
    ),
    block(
      fc.tuple(variable, expression).map(([one, of]) => `with ${one} = ${of}`),
      tie('body'),
      'endwith',
    ),
    block(
      variable.map((one) => `set ${one}`),
      tie('body'),
      'endset',
    ),
    block(
      fc.constantFrom('filter upper', 'filter indent(1)', "filter replace('a', 'b')"),
      tie('body'),
      'endfilter',
    ),
    block(
      fc.tuple(variable, expression).map(([one, of]) => `macro m(${one}, z=${of})`),
      tie('body'),
      'endmacro',
    ),
    block(
      expression.map((one) => `call m(${one})`),
      tie('body'),
      'endcall',
    ),
  ),
})).body;

/** The templates that generated ones include. */
export const grammarOthers: Record<string, string> = {
  plain: 'plain\n',
  'uses-a': '{{ a is defined }}{{ a|default("-") }}',
};

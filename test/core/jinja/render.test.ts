import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { refusals } from '../../../core/jinja/failure.ts';
import { refusedFilters } from '../../../core/jinja/filters/table.ts';
import { render } from './support/law.ts';
import { snippetData as data, greedy, others } from './support/snippets.ts';

function fault(template: string) {
  const result = render({ template, data, others });
  return 'fault' in result ? result.fault : undefined;
}

describe('what is not there', () => {
  test('is told with its place, as it is written, and by its dotted path', () => {
    expect(fault('a\nb {{ aconf.db.nope }}')).toEqual({
      kind: 'undefined',
      message: 'aconf.db.nope is not set',
      setting: 'shop.db.nope',
      template: 'main',
      offset: 16,
      line: 2,
      column: 15,
    });
  });

  test('is told where it was named, not where it was used', () => {
    expect(fault('{% set x = cconf.nope %}\n\n{{ x }}')).toMatchObject({ line: 1, setting: 'common.nope' });
  });

  test('is followed through variables', () => {
    expect(fault('{% set db = aconf.db %}{{ db["nope"] }}')).toMatchObject({
      message: 'db.nope is not set',
      setting: 'shop.db.nope',
    });
  });

  test('is told in the template that is included', () => {
    const result = render({
      template: 'x{% include "part" %}',
      data,
      others: { part: '\n{{ aconf.nope }}' },
    });
    expect(result).toMatchObject({ fault: { template: 'part', line: 2, setting: 'shop.nope' } });
  });

  test('may be a variable', () => {
    expect(fault('{{ nope }}')).toMatchObject({ kind: 'undefined', message: 'nope is not defined' });
  });
});

describe('faults', () => {
  test.each([
    ['{% if %}', 'syntax', 1, 7],
    ['\n{{ 1 + }}', 'syntax', 2, 8],
    ['{{ 1 / 0 }}', 'failed', 1, 6],
    ['{{ "a"|pprint }}', 'refused', 1, 8],
    ['{% include "nope" %}', 'not-found', 1, 12],
    ['{# open', 'syntax', 1, 3],
  ])('%j', (template, kind, line, column) => {
    expect(fault(template)).toMatchObject({ kind, line, column, template: 'main' });
  });

  test('a refusal says what to do', () => {
    expect(fault('{{ [1]|random }}')).toMatchObject({
      refusal: 'filter',
      message:
        "The filter 'random': this filter is not rendered. Write the result, or compute it in a layer.",
    });
  });
});

test.each(greedy)('no template takes more than its share: %s', (template) => {
  expect(['limit', 'refused']).toContain(fault(template)?.kind);
});

test('all that is refused is documented', () => {
  const manual = readFileSync(new URL('../../../docs/templates.md', import.meta.url), 'utf8');
  for (const name of [...Object.keys(refusals), ...refusedFilters]) expect(manual).toContain(`\`${name}\``);
});

test('deep nesting ends', () => {
  expect(fault(`{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`)?.kind).toBe('refused');
  expect(fault('{% if 1 %}'.repeat(5000) + '{% endif %}'.repeat(5000))?.kind).toBe('refused');
});

import { refuse } from '../failure.ts';
import { bind } from '../python/arguments.ts';
import { failUndefined } from '../python/print.ts';
import { type Arguments, isUndefined, textOf, type Value } from '../value.ts';
import type { Filters, Services } from './filter.ts';
import { markupFilters } from './markup.ts';
import { numberFilters } from './numbers.ts';
import { selectFilters } from './select.ts';
import { sequenceFilters } from './sequences.ts';
import { textFilters } from './text.ts';

const all: Filters = {
  ...textFilters,
  ...numberFilters,
  ...sequenceFilters,
  ...selectFilters,
  ...markupFilters,
};

const otherNames: Readonly<Record<string, string>> = { count: 'length', d: 'default', e: 'escape' };

/** Jinja2's filters that are not rendered. */
export const refusedFilters: readonly string[] = ['pprint', 'random', 'striptags', 'urlize', 'wordwrap'];

/** The names of all filters that Jinja2 has. */
export const filterNames: ReadonlySet<string> = new Set([
  ...Object.keys(all),
  ...Object.keys(otherNames),
  ...refusedFilters,
]);

/** Applies a filter by its name. */
export function applyFilter(name: Value, value: Value, given: Arguments, services: Services): Value {
  if (isUndefined(name)) failUndefined(name);
  const text = textOf(name) ?? '';
  const known = Object.hasOwn(otherNames, text) ? (otherNames[text] ?? text) : text;
  const filter = Object.hasOwn(all, known) ? all[known] : undefined;
  if (filter === undefined) return refuseFilter(text);
  if (filter.open !== undefined) return filter.open(value, given, services);
  const whole = { args: [value, ...given.args], named: given.named };
  return filter.call(bind(`the filter '${text}'`, filter.signature, whole), services);
}

function refuseFilter(name: string): never {
  const advice = filterNames.has(name)
    ? 'Write the result, or compute it in a layer.'
    : 'Jinja2 has no such filter.';
  return refuse('filter', `The filter '${name}'`, advice);
}

/** Whether a filter can be applied at all: asked before anything is rendered. */
export function checkFilter(name: string): void {
  if (!Object.hasOwn(all, name) && !Object.hasOwn(otherNames, name)) refuseFilter(name);
}

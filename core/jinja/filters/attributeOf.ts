import { itemOrAttribute } from '../python/access.ts';
import { lower } from '../python/letters.ts';
import type { Budget } from '../run/budget.ts';
import { as, isUndefined, markup, textOf, type Value } from '../value.ts';

/** What is looked up in an element: `a.0.b`, or nothing at all. */
export function partsOf(attribute: Value | undefined): Value[] {
  if (attribute === undefined || attribute === null) return [];
  const text = textOf(attribute);
  if (text === undefined) return [attribute];
  return text.split('.').map((part) => (/^[0-9]+$/.test(part) ? BigInt(part) : part));
}

/** Looks an attribute up in an element; with a default for what is not there. */
export function lookUp(budget: Budget, item: Value, parts: readonly Value[], otherwise?: Value): Value {
  let value = item;
  for (const part of parts) {
    value = itemOrAttribute(budget, value, part);
    if (otherwise !== undefined && otherwise !== null && isUndefined(value)) value = otherwise;
  }
  return value;
}

/** A value to compare by: texts in lower case unless case matters. */
export function caseless(value: Value, caseSensitive: boolean): Value {
  if (caseSensitive) return value;
  if (typeof value === 'string') return lower(value);
  const marked = as('markup', value);
  return marked ? markup(lower(marked.text)) : value;
}

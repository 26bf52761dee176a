import { fail, refuse } from '../failure.ts';
import { arithmetic } from '../python/arithmetic.ts';
import { asNumber, equal, hashKey } from '../python/equality.ts';
import { iterate, lengthIn, listOf, toCount } from '../python/iterate.ts';
import { ordered, sorted } from '../python/order.ts';
import { failUndefined, repr, str } from '../python/print.ts';
import { lettersOf, room } from '../python/text.ts';
import {
  as,
  isUndefined,
  list,
  markup,
  or,
  stream,
  textOf,
  tuple,
  typeName,
  undefinedValue,
  type Value,
} from '../value.ts';
import { caseless, lookUp, partsOf } from './attributeOf.ts';
import { type Filters, filter, flag, type Services } from './filter.ts';

function join(value: Value, by: Value, attribute: Value | undefined, { budget }: Services): Value {
  const separator = str(by);
  const parts: string[] = [];
  let size = 0;
  for (const item of iterate(budget, value)) {
    const part = str(
      attribute === undefined || attribute === null ? item : lookUp(budget, item, partsOf(attribute)),
    );
    size += part.length + separator.length;
    room(size);
    parts.push(part);
  }
  return parts.join(separator);
}

function first(value: Value, { budget }: Services): Value {
  const { done, value: found } = iterate(budget, value)[Symbol.iterator]().next();
  return done ? undefinedValue('No first item, sequence was empty.') : found;
}

function reversed(value: Value, services: Services): Value[] {
  if (isUndefined(value)) failUndefined(value);
  const kinds = ['list', 'tuple', 'dict', 'view', 'range', 'markup'] as const;
  if (typeof value !== 'string' && !kinds.some((kind) => as(kind, value)))
    fail(`'${typeName(value)}' object is not reversible`);
  const items = listOf(services.budget, value).reverse();
  // Python goes backwards by index, which leaves the mark on.
  return as('markup', value) ? items.map((letter) => markup(str(letter))) : items;
}

function reverse(value: Value, services: Services): Value {
  if (typeof value === 'string') return lettersOf(value).reverse().join('');
  if (as('markup', value)) return refuse('markup', "The filter 'reverse'", 'Reverse before marking.');
  if (as('stream', value)) return list(listOf(services.budget, value).reverse());
  if (as('object', value)) return refuse('print', 'Reversing such a value', 'Make a list of it first.');
  return stream(reversed(value, services));
}

function* batch(value: Value, size: Value, fill: Value, { budget }: Services): Generator<Value> {
  let items: Value[] = [];
  for (const item of iterate(budget, value)) {
    if (equal(BigInt(items.length), size)) {
      yield list(items);
      items = [];
    }
    items.push(item);
  }
  if (items.length === 0) return;
  if (fill !== null && ordered(BigInt(items.length), '<', size)) {
    const missing = toCount(arithmetic(size, '-', BigInt(items.length)));
    room((items.length + missing) * 10);
    items.push(...Array.from({ length: missing }, () => fill));
  }
  yield list(items);
}

function* sliceUp(value: Value, count: Value, fill: Value, { budget }: Services): Generator<Value> {
  const items = listOf(budget, value);
  const slices = toCount(count);
  if (slices === 0) fail('integer division or modulo by zero');
  const size = Math.floor(items.length / slices);
  const extra = items.length - size * slices;
  let offset = 0;
  for (let at = 0; at < slices; at++) {
    const start = offset + at * size;
    if (at < extra) offset++;
    const part = items.slice(start, offset + (at + 1) * size);
    if (fill !== null && at >= extra) part.push(fill);
    yield list(part);
  }
}

function* unique(
  value: Value,
  caseSensitive: boolean,
  attribute: Value | undefined,
  { budget }: Services,
): Generator<Value> {
  const seen = new Set<string>();
  for (const item of iterate(budget, value)) {
    const key = hashKey(caseless(lookUp(budget, item, partsOf(attribute)), caseSensitive));
    if (seen.has(key)) continue;
    seen.add(key);
    yield item;
  }
}

function extreme(sign: '<' | '>') {
  return filter('value case_sensitive? attribute?', ([value = null, sensitive, attribute], { budget }) => {
    const items = listOf(budget, value);
    const keys = items.map((item) => caseless(lookUp(budget, item, partsOf(attribute)), flag(sensitive)));
    let best = 0;
    for (let at = 1; at < items.length; at++)
      if (ordered(keys[at] ?? null, sign, keys[best] ?? null)) best = at;
    return or(items[best], () => undefinedValue('No aggregated item, sequence was empty.'));
  });
}

function sort(
  value: Value,
  reverseIt: boolean,
  caseSensitive: boolean,
  attribute: Value | undefined,
  { budget }: Services,
) {
  const attributes = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const keyOf = (item: Value) =>
    list(attributes.map((one) => caseless(lookUp(budget, item, partsOf(one)), caseSensitive)));
  return list(sorted(listOf(budget, value), keyOf, reverseIt));
}

function dictSort(value: Value, caseSensitive: boolean, by: Value, reverseIt: boolean): Value {
  const at =
    textOf(by) === 'key'
      ? 0
      : textOf(by) === 'value'
        ? 1
        : fail("You can only sort by either 'key' or 'value'");
  if (isUndefined(value)) failUndefined(value);
  const entries = [...(as('dict', value)?.entries.values() ?? fail(`${typeName(value)} has no items`))];
  return list(
    sorted(entries, (entry) => caseless(entry[at], caseSensitive), reverseIt).map((entry) => tuple(entry)),
  );
}

/** A group that prints as the pair that it is. */
function group(grouper: Value, items: Value[]): Value {
  const pair = [grouper, list(items)];
  return {
    kind: 'object',
    type: '_GroupTuple',
    attribute: (name) =>
      name === 'grouper'
        ? grouper
        : name === 'list'
          ? pair[1]
          : refuse('attribute', `'${name}' of a group`, 'Leave it out.'),
    item: (key) => {
      const at = asNumber(key);
      return typeof at === 'bigint' ? pair.at(Number(at)) : undefined;
    },
    iterate: () => pair.values(),
    length: () => 2n,
    text: () => repr(tuple(pair)),
  };
}

function groupBy(
  value: Value,
  attribute: Value,
  otherwise: Value,
  caseSensitive: boolean,
  { budget }: Services,
): Value {
  const parts = partsOf(attribute);
  const keyOf = (item: Value) => caseless(lookUp(budget, item, parts, otherwise), caseSensitive);
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sorted(listOf(budget, value), keyOf, false)) {
    const key = keyOf(item);
    const last = groups.at(-1);
    if (last !== undefined && equal(last.key, key)) last.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return list(
    groups.map(({ key, items }) =>
      group(caseSensitive ? key : lookUp(budget, items[0] ?? null, parts, otherwise), items),
    ),
  );
}

function sum(value: Value, attribute: Value | undefined, start: Value, { budget }: Services): Value {
  if (typeof start === 'string' || as('markup', start)) fail("sum() can't sum strings");
  const parts = partsOf(attribute);
  let total = start as Value;
  let floats = 0;
  for (const item of iterate(budget, value)) {
    const one = lookUp(budget, item, parts);
    // Pythons add floats up in different ways, which differ from the third on.
    if (typeof one === 'number' && ++floats > 1)
      refuse('number', 'The sum of several floats', 'Add them with `+`.');
    total = arithmetic(total, '+', one);
  }
  return total;
}

/** The filters that work on what can be gone over. */
export const sequenceFilters: Filters = {
  batch: filter('value linecount fill_with?', ([value = null, size = null, fill = null], services) =>
    stream(batch(value, size, fill, services)),
  ),
  dictsort: filter('value case_sensitive? by? reverse?', ([value = null, sensitive, by = 'key', reverseIt]) =>
    dictSort(value, flag(sensitive), by, flag(reverseIt)),
  ),
  first: filter('seq', ([value = null], services) => first(value, services)),
  groupby: filter(
    'value attribute default? case_sensitive?',
    ([value = null, attribute = null, otherwise = null, sensitive], services) =>
      groupBy(value, attribute, otherwise, flag(sensitive), services),
  ),
  items: filter('value', ([value = null]) => {
    if (isUndefined(value)) return stream([]);
    const dict = as('dict', value);
    return stream(failing(dict && { kind: 'view', of: 'items', dict }));
  }),
  join: filter('value d? attribute?', ([value = null, by = '', attribute], services) =>
    join(value, by, attribute, services),
  ),
  last: filter('seq', ([value = null], services) =>
    or(reversed(value, services)[0], () => undefinedValue('No last item, sequence was empty.')),
  ),
  length: filter(
    'obj /',
    ([value = null]) => lengthIn(value) ?? fail(`object of type '${typeName(value)}' has no len()`),
  ),
  list: filter('value', ([value = null], { budget }) => list(listOf(budget, value))),
  max: extreme('>'),
  min: extreme('<'),
  reverse: filter('value', ([value = null], services) => reverse(value, services)),
  slice: filter('value slices fill_with?', ([value = null, count = null, fill = null], services) =>
    stream(sliceUp(value, count, fill, services)),
  ),
  sort: filter(
    'value reverse? case_sensitive? attribute?',
    ([value = null, reverseIt, sensitive, attribute], services) =>
      sort(value, flag(reverseIt), flag(sensitive), attribute, services),
  ),
  sum: filter('iterable attribute? start?', ([value = null, attribute, start = 0n], services) =>
    sum(value, attribute, start, services),
  ),
  unique: filter('value case_sensitive? attribute?', ([value = null, sensitive, attribute], services) =>
    stream(unique(value, flag(sensitive), attribute, services)),
  ),
};

/** Pairs of a mapping, or a failure at the first that is wanted. */
function* failing(view: Extract<Value, { kind: 'view' }> | undefined): Generator<Value> {
  if (view === undefined) return fail('Can only get item pairs from a mapping.');
  for (const entry of view.dict.entries.values()) yield tuple(entry);
}

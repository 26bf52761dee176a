import { fail, refuse } from './failure.ts';
import { bind, signature } from './python/arguments.ts';
import { hashKey } from './python/equality.ts';
import { iterate, toInt } from './python/iterate.ts';
import { repr } from './python/print.ts';
import type { Budget } from './run/budget.ts';
import { type Arguments, as, callable, type Dict, dict, type PyObject, type Value } from './value.ts';

/** The functions that every template has. */
export function globalsFor(budget: Budget): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['range', callable('type', range)],
    ['dict', callable('type', (given) => dictOf(budget, given))],
    ['namespace', callable('type', (given) => namespace(dictOf(budget, given)))],
    ['cycler', callable('type', cycler)],
    ['joiner', callable('type', joiner)],
    ['lipsum', callable('function', () => refuse('global', "'lipsum'", 'Write the text.'))],
  ]);
}

function range({ args, named }: Arguments): Value {
  if (named.size > 0) fail('range() takes no keyword arguments');
  const numbers = args.map(toInt);
  const [first, second, step = 1n, ...more] = numbers;
  if (first === undefined || more.length > 0) return fail('range expected from 1 to 3 arguments');
  if (step === 0n) fail('range() arg 3 must not be zero');
  return { kind: 'range', start: second === undefined ? 0n : first, stop: second ?? first, step };
}

function dictOf(budget: Budget, { args, named }: Arguments): Dict {
  const [source, ...more] = args;
  if (more.length > 0) fail('dict expected at most 1 argument');
  const made = source === undefined ? dict() : copyOf(budget, source);
  for (const [name, value] of named) put(made, name, value);
  return made;
}

function copyOf(budget: Budget, source: Value): Dict {
  const made = dict();
  const pairs: Value = as('dict', source) ? { kind: 'view', of: 'items', dict: source as Dict } : source;
  for (const pair of iterate(budget, pairs)) {
    const [key, value, ...more] = [...iterate(budget, pair)];
    if (key === undefined || value === undefined || more.length > 0)
      return fail('dictionary update sequence needs pairs');
    put(made, key, value);
  }
  return made;
}

function put({ entries }: Dict, key: Value, value: Value): void {
  const hash = hashKey(key);
  entries.set(hash, [entries.get(hash)?.[0] ?? key, value]);
}

function namespace(attributes: Dict): PyObject {
  return {
    kind: 'object',
    type: 'Namespace',
    attribute: (name) => attributes.entries.get(`s${name}`)?.[1],
    assign: (name, value) => put(attributes, name, value),
    text: () => `<Namespace ${repr(attributes)}>`,
  };
}

function cycler({ args, named }: Arguments): Value {
  if (named.size > 0 || args.length === 0) fail('at least one item has to be provided');
  let at = 0;
  const current = () => args[at] ?? null;
  const next = callable('method', () => {
    const value = current();
    at = (at + 1) % args.length;
    return value;
  });
  const reset = callable('method', () => {
    at = 0;
    return null;
  });
  return {
    kind: 'object',
    type: 'Cycler',
    attribute: (name) => {
      if (name === 'current') return current();
      if (name === 'next') return next;
      if (name === 'reset') return reset;
      return name === 'items' || name === 'pos'
        ? refuse('attribute', `'${name}' of a cycler`, 'Leave it out.')
        : undefined;
    },
  };
}

function joiner(given: Arguments): Value {
  const [separator = ', '] = bind('joiner()', signature('sep?'), given);
  let used = false;
  return {
    kind: 'object',
    type: 'Joiner',
    call: ({ args }) => {
      if (args.length > 0) fail('a joiner takes no arguments');
      const value = used ? separator : '';
      used = true;
      return value;
    },
  };
}

import { fail } from '../failure.ts';
import type { Budget } from '../run/budget.ts';
import type { Dict, List, Tuple, Value, View } from '../value.ts';
import { list, or } from '../value.ts';
import { type Bound, type Signature, signature } from './arguments.ts';
import { entryOf, sameOrEqual } from './equality.ts';
import { listOf, toCount } from './iterate.ts';
import { room } from './text.ts';

/** A method of a mapping or list with bound arguments. */
export interface BoxMethod<T> {
  signature: Signature;
  call(box: T, given: Bound, budget: Budget): Value;
}

function view(of: View['of']): BoxMethod<Dict> {
  return { signature: signature('/'), call: (dict) => ({ kind: 'view', of, dict }) };
}

/** The methods of mappings that change nothing. */
export const dictMethods: Readonly<Record<string, BoxMethod<Dict>>> = {
  copy: { signature: signature('/'), call: ({ entries }) => ({ kind: 'dict', entries: new Map(entries) }) },
  get: {
    signature: signature('key default? /'),
    call: (dict, [key = null, otherwise = null]) => or(entryOf(dict, key), () => otherwise),
  },
  items: view('items'),
  keys: view('keys'),
  values: view('values'),
};

const count: BoxMethod<List | Tuple> = {
  signature: signature('value /'),
  call: ({ items }, [value = null]) =>
    BigInt(items.filter((one) => one === value || sameOrEqual(one, value)).length),
};

const index: BoxMethod<List | Tuple> = {
  signature: signature('value start? stop? /'),
  call: ({ items }, [value = null, start, stop]) => {
    const bound = (given: Value | undefined, otherwise: number) => {
      const at = given === undefined ? otherwise : toCount(given);
      return at < 0 ? Math.max(0, at + items.length) : at;
    };
    const [from, to] = [bound(start, 0), bound(stop, items.length)];
    const at = items.findIndex((one, where) => where >= from && where < to && sameOrEqual(one, value));
    return at === -1 ? fail('the value is not in the list') : BigInt(at);
  },
};

export const tupleMethods: Readonly<Record<string, BoxMethod<Tuple>>> = { count, index };

/** Lists can grow, as templates that collect values do; nothing else of a value is ever changed. */
export const listMethods: Readonly<Record<string, BoxMethod<List>>> = {
  count,
  index,
  append: {
    signature: signature('value /'),
    call: ({ items }, [value = null]) => {
      room(items.length * 10);
      items.push(value);
      return null;
    },
  },
  copy: { signature: signature('/'), call: ({ items }) => list([...items]) },
  extend: {
    signature: signature('items /'),
    call: ({ items }, [more = null], budget) => {
      const added = listOf(budget, more);
      room((items.length + added.length) * 10);
      items.push(...added);
      return null;
    },
  },
};

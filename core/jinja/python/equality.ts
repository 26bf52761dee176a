import { fail, refuse } from '../failure.ts';
import type { Compound, Dict, Value } from '../value.ts';
import { isCompound, textOf, typeName } from '../value.ts';
import { failUndefined, repr } from './print.ts';

/** What tells whether two values are one key of a mapping; fails for those that cannot be one. */
export function hashKey(value: Value): string {
  if (typeof value === 'string') return `s${value}`;
  if (value === null) return 'N';
  if (typeof value === 'boolean') return value ? 'n1' : 'n0';
  if (typeof value === 'bigint') return `n${value}`;
  if (typeof value === 'number') return floatKey(value);
  return compoundKey(value);
}

function floatKey(value: number): string {
  if (Number.isNaN(value)) return refuse('identity', 'nan as a key', 'Leave it out.');
  return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
}

function compoundKey(value: Compound): string {
  switch (value.kind) {
    case 'markup':
      return `s${value.text}`;
    case 'tuple':
      return `t${JSON.stringify(value.items.map(hashKey))}`;
    case 'undefined':
      return failUndefined(value);
    case 'list':
    case 'dict':
      return fail(`unhashable type: '${value.kind}'`);
    default:
      return refuse('identity', `A ${typeName(value)} as a key`, 'Use text or numbers.');
  }
}

/** The entry of a mapping with a key. */
export function entryOf(dict: Dict, key: Value): Value | undefined {
  return dict.entries.get(hashKey(key))?.[1];
}

/** Whether two values are one object, as far as that decides whether they are equal. */
function isSame(a: Value, b: Value): boolean {
  if (Number.isNaN(a) && Number.isNaN(b))
    refuse('identity', 'Whether two nan are one object', 'Leave them out.');
  return isCompound(a) && a === b;
}

/** `a == b` for elements: what is one object is equal to itself. */
export function sameOrEqual(a: Value, b: Value): boolean {
  return isSame(a, b) || equal(a, b);
}

/** `a == b` */
export function equal(a: Value, b: Value, depth = 0): boolean {
  if (depth > 100) refuse('nesting', 'Comparing lists within lists', 'Compare parts of them.');
  const [left, right] = [asNumber(a), asNumber(b)];
  if (isCompound(a) || isCompound(b)) return equalCompounds(a, b, depth);
  // biome-ignore lint/suspicious/noDoubleEquals: ints and floats are compared by what they are worth.
  if (left !== undefined && right !== undefined) return left == right;
  return a === b;
}

function equalCompounds(a: Value, b: Value, depth: number): boolean {
  for (const one of [a, b]) if (isCompound(one) && one.kind === 'undefined') failUndefined(one);
  const text = textOf(a);
  if (text !== undefined) return text === textOf(b);
  if (!isCompound(a) || !isCompound(b) || a.kind !== b.kind) return false;
  return a === b || equalOfKind(a, b, depth);
}

function equalOfKind(a: Compound, b: Compound, depth: number): boolean {
  if ((a.kind === 'list' && b.kind === 'list') || (a.kind === 'tuple' && b.kind === 'tuple')) {
    return equalItems(a.items, b.items, depth);
  }
  if (a.kind === 'dict' && b.kind === 'dict') return equalDicts(a, b, depth);
  if (a.kind === 'range' || a.kind === 'view') {
    refuse('comparison', `${repr(a)} with ${repr(b)}`, 'Make lists of them with the filter `list`.');
  }
  return a.kind === 'object' && b.kind === 'object' && a.type !== b.type
    ? false
    : refuse('identity', `A ${typeName(a)}`, 'Compare what is in it.');
}

function equalItems(a: readonly Value[], b: readonly Value[], depth: number): boolean {
  return a.length === b.length && a.every((one, at) => same(one, b[at] ?? null, depth));
}

function same(a: Value, b: Value, depth: number): boolean {
  return isSame(a, b) || equal(a, b, depth + 1);
}

function equalDicts(a: Dict, b: Dict, depth: number): boolean {
  if (a.entries.size !== b.entries.size) return false;
  for (const [key, [, value]] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !same(value, other[1], depth)) return false;
  }
  return true;
}

/** The number that an int, float or bool is. */
export function asNumber(value: Value): bigint | number | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

import { fail, refuse } from '../failure.ts';
import type { Value } from '../value.ts';
import { isCompound, isUndefined, textOf, typeName } from '../value.ts';
import { asNumber, sameOrEqual } from './equality.ts';
import { failUndefined } from './print.ts';
import { compareTexts } from './text.ts';

/** `a < b`, `a <= b`, `a > b` or `a >= b` */
export function ordered(a: Value, sign: string, b: Value, depth = 0): boolean {
  if (depth > 100) refuse('nesting', 'Comparing lists within lists', 'Compare parts of them.');
  const [left, right] = [asNumber(a), asNumber(b)];
  if (left !== undefined && right !== undefined) {
    return holds(left < right, left > right, left <= right && left >= right, sign);
  }
  const [text, other] = [textOf(a), textOf(b)];
  if (text !== undefined && other !== undefined) {
    const order = compareTexts(text, other);
    return holds(order < 0, order > 0, order === 0, sign);
  }
  if (isSequence(a) && isSequence(b) && a.kind === b.kind) return orderedItems(a.items, sign, b.items, depth);
  for (const one of [a, b]) if (isUndefined(one)) failUndefined(one);
  if (isView(a) && isView(b)) refuse('comparison', 'Views of mappings', 'Make lists of them with `list`.');
  return fail(`'${sign}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

function holds(less: boolean, more: boolean, same: boolean, sign: string): boolean {
  return (sign.startsWith('<') ? less : more) || (sign.length === 2 && same);
}

type Sequence = Extract<Value, { kind: 'list' | 'tuple' }>;

function isSequence(value: Value): value is Sequence {
  return isCompound(value) && (value.kind === 'list' || value.kind === 'tuple');
}

function isView(value: Value): boolean {
  return isCompound(value) && value.kind === 'view';
}

function orderedItems(a: readonly Value[], sign: string, b: readonly Value[], depth: number): boolean {
  for (const [at, one] of a.entries()) {
    const other = b[at];
    if (other === undefined) break;
    if (!sameOrEqual(one, other)) return ordered(one, sign, other, depth + 1);
  }
  return holds(a.length < b.length, a.length > b.length, a.length === b.length, sign);
}

/** Sorted by keys as Python does: what is equal keeps its order, also from the end to the beginning. */
export function sorted<T>(items: readonly T[], keyOf: (item: T) => Value, reverse: boolean): T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  for (const { key } of keyed) refuseNan(key);
  keyed.sort((a, b) => {
    const [left, right] = reverse ? [b.key, a.key] : [a.key, b.key];
    return ordered(left, '<', right) ? -1 : ordered(right, '<', left) ? 1 : 0;
  });
  return keyed.map(({ item }) => item);
}

function refuseNan(key: Value): void {
  if (typeof key === 'number' && Number.isNaN(key)) refuse('comparison', 'Sorting nan', 'Leave it out.');
  if (isSequence(key)) key.items.forEach(refuseNan);
}

/** `item in box` for what can be gone over. */
export function isAmong(item: Value, items: Iterable<Value>): boolean {
  for (const one of items) if (one === item || sameOrEqual(one, item)) return true;
  return false;
}

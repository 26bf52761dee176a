import { fail } from '../failure.ts';
import { type Budget, spend } from '../run/budget.ts';
import type { Range, Value, View } from '../value.ts';
import { isCompound, tuple, typeName } from '../value.ts';
import { asNumber } from './equality.ts';
import { failUndefined } from './print.ts';
import { isPlain, lengthOf } from './text.ts';

/** Goes over a value as Python's `iter` does; fails for what cannot be gone over. */
export function iterate(budget: Budget, value: Value): Iterable<Value> {
  return counted(budget, itemsOf(value));
}

function* counted(budget: Budget, items: Iterable<Value>): Generator<Value> {
  for (const item of items) {
    spend(budget, 1);
    yield item;
  }
}

/** All that a value gives when it is gone over. */
export function listOf(budget: Budget, value: Value): Value[] {
  return [...iterate(budget, value)];
}

function itemsOf(value: Value): Iterable<Value> {
  if (typeof value === 'string') return value;
  if (isCompound(value)) {
    switch (value.kind) {
      case 'list':
      case 'tuple':
        return value.items;
      case 'markup':
        // Unlike its parts by index, what a marked text is gone over by is not marked.
        return value.text;
      case 'dict':
        return viewItems({ kind: 'view', of: 'keys', dict: value });
      case 'view':
        return viewItems(value);
      case 'range':
        return rangeItems(value);
      case 'stream':
        return unclosed(value.iterator);
      case 'undefined':
        return value.lenient ? [] : failUndefined(value);
      default:
        if (value.iterate !== undefined) return unclosed(value.iterate());
    }
  }
  return fail(`'${typeName(value)}' object is not iterable`);
}

/** What is left of an iterator stays there when a loop over it ends early. */
function unclosed(iterator: Iterator<Value>): Iterable<Value> {
  return { [Symbol.iterator]: () => ({ next: () => iterator.next() }) };
}

function* viewItems({ of, dict }: View): Generator<Value> {
  for (const [key, value] of dict.entries.values()) {
    yield of === 'keys' ? key : of === 'values' ? value : tuple([key, value]);
  }
}

function* rangeItems({ start, stop, step }: Range): Generator<Value> {
  for (let at = start; step > 0n ? at < stop : at > stop; at += step) yield at;
}

export function rangeLength({ start, stop, step }: Range): bigint {
  const span = step > 0n ? stop - start : start - stop;
  const size = step > 0n ? step : -step;
  return span > 0n ? (span + size - 1n) / size : 0n;
}

/** `len(value)`; nothing for what has no length. */
export function lengthIn(value: Value): bigint | undefined {
  if (typeof value === 'string') return BigInt(lengthOf(value));
  if (!isCompound(value)) return undefined;
  switch (value.kind) {
    case 'list':
    case 'tuple':
      return BigInt(value.items.length);
    case 'markup':
      return BigInt(lengthOf(value.text));
    case 'dict':
      return BigInt(value.entries.size);
    case 'view':
      return BigInt(value.dict.entries.size);
    case 'range':
      return rangeLength(value);
    case 'undefined':
      return value.lenient ? 0n : failUndefined(value);
    case 'stream':
      return undefined;
    default:
      return value.length?.();
  }
}

/** `bool(value)` */
export function truth(value: Value): boolean {
  if (typeof value === 'string') return value !== '';
  if (!isCompound(value)) return value !== null && value !== false && value !== 0n && value !== 0;
  return (lengthIn(value) ?? 1n) > 0n;
}

/** An int given to a function; fails for anything else. */
export function toInt(value: Value): bigint {
  const number = asNumber(value);
  if (typeof number === 'bigint') return number;
  if (isCompound(value) && value.kind === 'undefined') failUndefined(value);
  return fail(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** An int given to a function, as far as JavaScript can count. */
export function toCount(value: Value): number {
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  const int = toInt(value);
  return Number(int > most ? most : int < -most ? -most : int);
}

/** The letters of a text, one by one, without going over all of it where that is not needed. */
export function letterAt(text: string, at: number): string | undefined {
  if (isPlain(text)) return text[at < 0 ? text.length + at : at];
  return Array.from(text).at(at);
}

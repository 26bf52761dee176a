import { fail, refuse } from '../failure.ts';
import type { Value } from '../value.ts';
import { isCompound, list, markup, textOf, tuple, typeName } from '../value.ts';
import { asNumber, entryOf } from './equality.ts';
import { letterAt, rangeLength } from './iterate.ts';
import { failUndefined } from './print.ts';
import { lettersOf } from './text.ts';

/** `box[key]`; nothing where Python raises a TypeError or LookupError. */
export function subscript(box: Value, key: Value): Value | undefined {
  const text = textOf(box);
  if (text !== undefined) return textItem(box, text, key);
  if (!isCompound(box)) return undefined;
  if (box.kind === 'undefined') return failUndefined(box);
  if (box.kind === 'dict') return isHashable(key) ? entryOf(box, key) : undefined;
  if (box.kind === 'object') return box.item?.(key);
  const at = asNumber(key);
  if (typeof at !== 'bigint') return undefined;
  if (box.kind === 'list' || box.kind === 'tuple') return box.items.at(clamp(at, box.items.length));
  if (box.kind !== 'range') return undefined;
  const length = rangeLength(box);
  const index = at < 0n ? at + length : at;
  return index >= 0n && index < length ? box.start + index * box.step : undefined;
}

/** An index that `at` understands; far out stays out. */
function clamp(at: bigint, length: number): number {
  return at > BigInt(length) || at < BigInt(-length) ? length : Number(at);
}

function isHashable(key: Value): boolean {
  if (!isCompound(key)) return true;
  return key.kind === 'tuple' ? key.items.every(isHashable) : key.kind !== 'list' && key.kind !== 'dict';
}

function textItem(box: Value, text: string, key: Value): Value | undefined {
  const at = asNumber(key);
  const letter = typeof at === 'bigint' ? letterAt(text, clamp(at, text.length)) : undefined;
  return letter === undefined || typeof box === 'string' ? letter : markup(letter);
}

/** `box[start:stop:step]` */
export function sliced(box: Value, bounds: readonly (Value | undefined)[]): Value {
  const text = textOf(box);
  if (text !== undefined) {
    const part = picked(lettersOf(text), bounds).join('');
    return typeof box === 'string' ? part : markup(part);
  }
  if (isCompound(box)) {
    if (box.kind === 'list') return list(picked(box.items, bounds));
    if (box.kind === 'tuple') return tuple(picked(box.items, bounds));
    if (box.kind === 'undefined') return failUndefined(box);
    if (box.kind === 'range') return slicedRange(box, bounds);
  }
  // Of a constant, Jinja2 takes it for something that is not there.
  return refuse('comparison', `A slice of a ${typeName(box)}`, 'Slice lists and texts only.');
}

function slicedRange(box: Extract<Value, { kind: 'range' }>, bounds: readonly (Value | undefined)[]): Value {
  const { start, stop, step } = indices(rangeLength(box), bounds);
  return {
    kind: 'range',
    start: box.start + start * box.step,
    stop: box.start + stop * box.step,
    step: box.step * step,
  };
}

function picked<T>(items: readonly T[], bounds: readonly (Value | undefined)[]): T[] {
  const { start, stop, step } = indices(BigInt(items.length), bounds);
  const found: T[] = [];
  for (let at = start; step > 0n ? at < stop : at > stop; at += step) {
    const item = items[Number(at)];
    if (item !== undefined) found.push(item);
  }
  return found;
}

function boundOf(value: Value): bigint {
  const number = asNumber(value);
  return typeof number === 'bigint'
    ? number
    : refuse('comparison', `A ${typeName(value)} as a bound of a slice`, 'Use ints.');
}

/** The bounds of a slice within a length. */
function indices(length: bigint, [first, last, by]: readonly (Value | undefined)[]) {
  const step = by === undefined || by === null ? 1n : boundOf(by);
  if (step === 0n) fail('slice step cannot be zero');
  const [low, high] = step > 0n ? [0n, length] : [-1n, length - 1n];
  const bound = (value: Value | undefined, otherwise: bigint) => {
    if (value === undefined || value === null) return otherwise;
    const at = boundOf(value);
    const counted = at < 0n ? at + length : at;
    return counted < low ? low : counted > high ? high : counted;
  };
  return { start: bound(first, step > 0n ? low : high), stop: bound(last, step > 0n ? high : low), step };
}

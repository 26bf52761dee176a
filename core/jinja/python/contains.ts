import { fail, refuse } from '../failure.ts';
import type { Budget } from '../run/budget.ts';
import { as, isCompound, type Range, textOf, type Value } from '../value.ts';
import { asNumber, hashKey } from './equality.ts';
import { iterate } from './iterate.ts';
import { isAmong } from './order.ts';
import { failUndefined } from './print.ts';
import { textGiven } from './textMethods.ts';

/** `item in box` */
export function contains(budget: Budget, box: Value, item: Value): boolean {
  const text = textOf(box);
  if (text !== undefined) return text.includes(textGiven(item));
  if (!isCompound(box)) return fail('argument is not iterable');
  if (box.kind === 'undefined') return failUndefined(box);
  if (box.kind === 'dict') return box.entries.has(hashKey(item));
  if (box.kind === 'view' && box.of === 'keys') return box.dict.entries.has(hashKey(item));
  if (box.kind === 'object' && box.iterate === undefined)
    return refuse('comparison', `'in' a ${box.type}`, 'Use a list.');
  return box.kind === 'range' ? isInRange(box, item) : isAmong(item, iterate(budget, box));
}

function isInRange({ start, stop, step }: Range, item: Value): boolean {
  const missing = as('undefined', item);
  if (missing) failUndefined(missing);
  const number = asNumber(item);
  if (number === undefined) return false;
  const within = step > 0n ? number >= start && number < stop : number <= start && number > stop;
  return within && Number.isInteger(Number(number)) && (BigInt(number) - start) % step === 0n;
}

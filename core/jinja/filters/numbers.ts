import { fail, refuse } from '../failure.ts';
import { arithmetic, toFloat } from '../python/arithmetic.ts';
import { roundFloat, roundInt } from '../python/decimal.ts';
import { asNumber } from '../python/equality.ts';
import { toInt } from '../python/iterate.ts';
import { failUndefined } from '../python/print.ts';
import { strip } from '../python/text.ts';
import { as, isUndefined, textOf, type Value } from '../value.ts';
import { type Filters, filter, textOr } from './filter.ts';

const decimalText = /^[-+]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:e[-+]?\d(?:_?\d)*)?$/i;
const special = /^([-+]?)(?:(inf|infinity)|nan)$/i;

/** `float(value)`; what stands in place of it where Python fails for the value's type or text. */
export function toFloatOr(value: Value, otherwise: () => number): number {
  if (isUndefined(value)) return failUndefined(value);
  const number = asNumber(value);
  if (number !== undefined) return toFloat(number);
  const text = textOf(value);
  return text === undefined ? otherwise() : (parseFloatText(text) ?? otherwise());
}

function parseFloatText(whole: string): number | undefined {
  const text = strip(whole);
  if (/[^\0-\x7f]/.test(text)) refuse('letters', `The number '${text}'`, 'Write ASCII digits.');
  if (decimalText.test(text)) return Number(text.replaceAll('_', ''));
  const found = special.exec(text);
  if (found === null) return undefined;
  if (found[2] === undefined) return Number.NaN;
  return found[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const prefixes: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 };

/** `int(text, base)`; nothing where Python raises a ValueError. */
function parseIntText(whole: string, base: bigint): bigint | undefined {
  const text = strip(whole).toLowerCase();
  if (/[^\0-\x7f]/.test(text)) refuse('letters', `The number '${text}'`, 'Write ASCII digits.');
  const found = /^([-+]?)(?:0([box])_?(?=[\da-z]))?([\da-z]+(?:_[\da-z]+)*)$/.exec(text);
  if (found === null || (base !== 0n && (base < 2n || base > 36n))) return undefined;
  const [, sign, letter = '', rest = ''] = found;
  const own = prefixes[letter];
  const isPrefix = own !== undefined && (base === 0n || BigInt(own) === base);
  const digits = (letter === '' || isPrefix ? rest : `0${letter}${rest}`).replaceAll('_', '');
  // Without a prefix, base 0 takes no zeros before other digits.
  if (base === 0n && own === undefined && /^0+[1-9]/.test(digits)) return undefined;
  const value = digitsToInt(digits, base === 0n ? (own ?? 10) : Number(base));
  return sign === '-' && value !== undefined ? -value : value;
}

function digitsToInt(digits: string, radix: number): bigint | undefined {
  if (digits.length > 4300) return refuse('number', 'An int of that size', 'Use smaller numbers.');
  let value = 0n;
  for (const digit of digits) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return value;
}

function toIntOr(value: Value, otherwise: Value, base: Value): Value {
  if (isUndefined(value)) return failUndefined(value);
  const text = textOf(value);
  const number = asNumber(value);
  if (typeof number === 'bigint') return number;
  if (number !== undefined && !Number.isFinite(number) && !Number.isNaN(number)) {
    return fail('cannot convert float infinity to integer');
  }
  const parsed = text === undefined ? undefined : parseIntText(text, intOr(base));
  if (parsed !== undefined) return parsed;
  const float = number ?? (text === undefined ? undefined : parseFloatText(text));
  if (float === undefined || Number.isNaN(float)) return otherwise;
  // Versions of Jinja2 differ: some fail here.
  if (!Number.isFinite(float)) return refuse('number', "The filter 'int'", 'Leave infinity out.');
  return BigInt(Math.trunc(float));
}

/** A base that is no int makes Python take the text for a float. */
function intOr(base: Value): bigint {
  const number = asNumber(base);
  return typeof number === 'bigint' ? number : 1n;
}

function round(value: Value, precision: Value, method: string): Value {
  if (!['common', 'ceil', 'floor'].includes(method)) fail('method must be common, ceil or floor');
  if (isUndefined(value)) failUndefined(value);
  const number = asNumber(value) ?? fail('a number is needed');
  if (method === 'common') return roundCommon(number, precision);
  const unit = arithmetic(10n, '**', precision);
  const scaled = asNumber(arithmetic(value, '*', unit)) ?? 0n;
  return arithmetic(wholeNear(scaled, method === 'ceil'), '/', unit);
}

function roundCommon(value: bigint | number, precision: Value): Value {
  if (precision === null) {
    return typeof value === 'bigint' ? value : wholeOf(roundFloat(value, 0));
  }
  const digits = toInt(precision);
  if (typeof value === 'bigint') return roundInt(value, digits);
  const rounded = roundFloat(value, Number(digits));
  return Number.isFinite(value) && !Number.isFinite(rounded)
    ? fail('rounded value too large to represent')
    : rounded;
}

function wholeNear(value: bigint | number, up: boolean): bigint {
  if (typeof value === 'bigint') return value;
  return wholeOf(up ? Math.ceil(value) : Math.floor(value));
}

function wholeOf(value: number): bigint {
  return Number.isFinite(value) ? BigInt(value) : fail('cannot convert float to integer');
}

function absolute(value: Value): Value {
  if (isUndefined(value)) failUndefined(value);
  const number = asNumber(value) ?? fail('bad operand type for abs()');
  return typeof number === 'bigint' ? (number < 0n ? -number : number) : Math.abs(number);
}

/** The filters that make numbers. */
export const numberFilters: Filters = {
  abs: filter('x /', ([value = null]) => absolute(value)),
  float: filter('value default?', ([value = null, otherwise = 0]) => {
    const found = toFloatOr(value, () => Number.NEGATIVE_INFINITY);
    const isText = textOf(value) !== undefined;
    if (found !== Number.NEGATIVE_INFINITY || asNumber(value) !== undefined) return found;
    return isText && parseFloatText(textOf(value) ?? '') !== undefined ? found : otherwise;
  }),
  int: filter('value default? base?', ([value = null, otherwise = 0n, base = 10n]) =>
    toIntOr(value, otherwise, base),
  ),
  round: filter('value precision? method?', ([value = null, precision = 0n, method]) =>
    round(value, precision, textOr(method, as('undefined', method) ? '' : 'common')),
  ),
};

import { fail, refuse } from '../failure.ts';
import type { Value } from '../value.ts';
import { isCompound, isUndefined, or, typeName } from '../value.ts';
import { fixed, floatText } from './decimal.ts';
import { asNumber, entryOf } from './equality.ts';
import { failUndefined, intText, repr, str } from './print.ts';
import { lettersOf, room } from './text.ts';

/** Where the values of a `%` text come from. */
interface Source {
  values: readonly Value[];
  used: number;
  mapping: Value | undefined;
}

const conversion =
  /%(?:\((?<key>(?:[^()]|\([^()]*\))*)\))?(?<flags>[-+ #0]*)(?<width>\*|\d+)?(?:\.(?<dot>\*|\d*))?[hlL]?(?<type>[\s\S]?)/gu;

/** `text % value` */
export function percentFormat(text: string, value: Value): string {
  if (isCompound(value) && value.kind === 'markup')
    refuse('markup', '`%` with marked text', 'Join with `~`.');
  const isTuple = isCompound(value) && value.kind === 'tuple';
  const isMapping = isCompound(value) && (value.kind === 'dict' || value.kind === 'list');
  const source: Source = {
    values: isTuple ? value.items : [value],
    used: 0,
    mapping: isCompound(value) && !isTuple ? value : undefined,
  };
  const result = text.replace(conversion, (_whole, ...found) => convert(source, found.at(-1)));
  if (source.used < source.values.length && !isMapping && !mayGoUnused(value)) {
    fail('not all arguments converted during string formatting');
  }
  room(result.length);
  return result;
}

function mayGoUnused(value: Value): boolean {
  // Python takes everything with items for a mapping, also what is not there.
  if (isUndefined(value)) return true;
  if (isCompound(value) && (value.kind === 'range' || value.kind === 'view' || value.kind === 'object')) {
    refuse('format', '`%` with such a value', 'Give a list of values in parentheses.');
  }
  return false;
}

type Groups = Record<'key' | 'flags' | 'width' | 'dot' | 'type', string | undefined>;

function convert(source: Source, { key, flags = '', width: asked, dot, type = '' }: Groups): string {
  if (type === '%' && key === undefined && flags === '' && asked === undefined && dot === undefined)
    return '%';
  if (type === '%') return refuse('format', "A '%' with a width", 'Write `%%`.');
  if (type === '') fail('incomplete format');
  if (asked === '*' || dot === '*') refuse('format', "'*' in a format", 'Write the width.');
  const value = key === undefined ? nextOf(source) : keyed(source, key);
  const width = Number(asked ?? 0);
  const precision = dot === undefined ? undefined : Number(dot);
  room(width + (precision ?? 0));
  const body = converted(value, type, flags, precision);
  return padded(body, flags, width, 'diufF'.includes(type) || 'xXo'.includes(type));
}

function nextOf(source: Source): Value {
  const value = source.values[source.used++];
  return value === undefined ? fail('not enough arguments for format string') : value;
}

function keyed(source: Source, key: string): Value {
  const { mapping } = source;
  if (mapping === undefined || !isCompound(mapping) || mapping.kind !== 'dict')
    return fail('format requires a mapping');
  source.used = source.values.length;
  return or(entryOf(mapping, key), () => fail(`KeyError: ${repr(key)}`));
}

function converted(value: Value, type: string, flags: string, precision: number | undefined): string {
  switch (type) {
    case 's':
      return cut(str(value), precision);
    case 'r':
      return cut(repr(value), precision);
    case 'd':
    case 'i':
    case 'u':
      return withSign(whole(value, type), flags, precision);
    case 'f':
    case 'F':
      return float(value, flags, precision ?? 6, type);
    case 'x':
    case 'X':
    case 'o':
      return based(value, type, flags, precision);
    case 'c':
      return letter(value);
    default:
      return 'eEgGa'.includes(type)
        ? refuse('format', `'%${type}'`, "Use '%f' or the filter `round`.")
        : fail(`unsupported format character '${type}'`);
  }
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : lettersOf(text).slice(0, precision).join('');
}

/** The int that `%d` writes: floats lose their decimals. */
function whole(value: Value, type: string): bigint {
  const number = asNumber(value);
  if (typeof number === 'bigint') return number;
  if (isUndefined(value)) failUndefined(value);
  if (number === undefined) return fail(`%${type} format: a real number is required, not ${typeName(value)}`);
  return Number.isFinite(number)
    ? BigInt(Math.trunc(number))
    : fail(`cannot convert float ${floatText(number)} to integer`);
}

function plus(flags: string): string {
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function withSign(value: bigint, flags: string, precision = 0): string {
  const digits = intText(value < 0n ? -value : value).padStart(precision, '0');
  return (value < 0n ? '-' : plus(flags)) + digits;
}

function float(value: Value, flags: string, precision: number, type: string): string {
  const number = asNumber(value);
  if (isUndefined(value)) failUndefined(value);
  if (number === undefined) return fail(`must be real number, not ${typeName(value)}`);
  const size = Number(number);
  if (!Number.isFinite(size)) return refuse('format', floatText(size), `Test for it before '%${type}'.`);
  const text = fixed(size, precision);
  if (flags.includes('#') && precision === 0) refuse('format', "'#'", 'Leave it out.');
  return text.startsWith('-') ? text : plus(flags) + text;
}

function based(value: Value, type: string, flags: string, precision: number | undefined): string {
  const number = asNumber(value);
  if (isUndefined(value)) failUndefined(value);
  if (typeof number !== 'bigint')
    return fail(`%${type} format: an integer is required, not ${typeName(value)}`);
  if (flags.includes('#')) refuse('format', "'#'", 'Write the prefix.');
  const size = number < 0n ? -number : number;
  const digits = size.toString(type === 'o' ? 8 : 16).padStart(precision ?? 0, '0');
  return (number < 0n ? '-' : plus(flags)) + (type === 'X' ? digits.toUpperCase() : digits);
}

function letter(value: Value): string {
  if (typeof value === 'string' && lettersOf(value).length === 1) return value;
  if (typeof value === 'bigint') return refuse('format', "'%c' of a number", 'Write the letter.');
  if (isUndefined(value)) failUndefined(value);
  return fail('%c requires int or char');
}

function padded(body: string, flags: string, width: number, isNumber: boolean): string {
  const missing = width - lettersOf(body).length;
  if (missing <= 0) return body;
  if (flags.includes('-')) return body + ' '.repeat(missing);
  if (!flags.includes('0') || !isNumber) return ' '.repeat(missing) + body;
  const sign = /^[-+ ]/.test(body) ? body.charAt(0) : '';
  return sign + '0'.repeat(missing) + body.slice(sign.length);
}

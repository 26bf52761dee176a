import { fail, refuse } from '../failure.ts';
import type { Arguments, Value } from '../value.ts';
import { as, or, textOf } from '../value.ts';
import { fixed } from './decimal.ts';
import { failUndefined, intText, repr, str } from './print.ts';
import { lettersOf, pad, room } from './text.ts';

const field = /\{\{|\}\}|\{(?<name>[^{}!:]*)(?:!(?<conversion>[^{}:]*))?(?::(?<spec>[^{}]*))?\}|[{}]/g;

/** `text.format(…)`, with names and indices as fields. */
export function formatText(text: string, { args, named }: Arguments): string {
  let automatic = 0;
  let numbering: 'automatic' | 'manual' | undefined;
  const fieldValue = (name: string): Value => {
    if (!/^\d*$/.test(name)) return or(named.get(name), () => missing(name));
    const kind = name === '' ? 'automatic' : 'manual';
    if (numbering !== undefined && numbering !== kind)
      fail('cannot mix automatic and manual field numbering');
    numbering = kind;
    return or(args[name === '' ? automatic++ : Number(name)], () => missing(name));
  };
  const result = text.replace(field, (whole, ...found) => {
    if (whole === '{{' || whole === '}}') return whole.charAt(0);
    if (whole === '{' || whole === '}')
      return refuse('format', `'${whole}' in a format`, 'Write simple fields.');
    const { name = '', conversion, spec = '' } = found.at(-1) as Record<string, string | undefined>;
    return formatField(fieldValue(name), conversion, spec);
  });
  room(result.length);
  return result;
}

function missing(name: string): never {
  if (name !== '' && !/^[A-Za-z_]\w*$|^\d+$/.test(name))
    refuse('format', `The field {${name}}`, 'Name the value itself.');
  return fail(
    name === '' || /^\d+$/.test(name) ? 'not enough values for the fields' : `KeyError: ${repr(name)}`,
  );
}

function formatField(value: Value, conversion: string | undefined, spec: string): string {
  if (conversion === undefined) return formatValue(value, spec);
  if (conversion !== 's' && conversion !== 'r') return refuse('format', `'!${conversion}'`, 'Use !s or !r.');
  return formatValue(conversion === 's' ? str(value) : repr(value), spec);
}

const specification =
  /^(?:(?<fill>[\s\S])?(?<align>[<>^=]))?(?<sign>[-+ ])?(?<zero>0)?(?<width>\d+)?(?<comma>,)?(?:\.(?<precision>\d+))?(?<type>[a-zA-Z%])?$/u;

function formatValue(value: Value, spec: string): string {
  const undefinedOne = as('undefined', value);
  if (undefinedOne && !(undefinedOne.lenient && spec === '')) failUndefined(undefinedOne);
  if (spec === '') return str(value);
  const parts = specification.exec(spec)?.groups;
  if (parts === undefined) return refuse('format', `The format ':${spec}'`, 'Use simpler formats.');
  if (typeof value === 'string') return formatString(value, parts, spec);
  if (typeof value !== 'bigint' && typeof value !== 'number') {
    return textOf(value) === undefined && typeof value !== 'boolean'
      ? fail('unsupported format string')
      : refuse('format', `The format ':${spec}' of such a value`, 'Use the filter `string`.');
  }
  return formatNumber(value, parts, spec);
}

type Parts = Record<string, string | undefined>;

function formatString(
  text: string,
  { fill, align, sign, zero, width, comma, precision, type }: Parts,
  spec: string,
) {
  if ((type !== undefined && type !== 's') || sign || comma || align === '=')
    return fail(`Invalid format ':${spec}'`);
  if (zero !== undefined) return refuse('format', `The format ':${spec}' of text`, 'Leave the zero out.');
  const cut = precision === undefined ? text : lettersOf(text).slice(0, Number(precision)).join('');
  return pad(cut, BigInt(width ?? 0), (align ?? '<') as '<', fill ?? ' ');
}

function formatNumber(value: bigint | number, parts: Parts, spec: string): string {
  const { fill, align, sign, zero, width = '0', comma } = parts;
  const signedDigits = digitsOf(value, parts, spec);
  const negative = signedDigits.startsWith('-');
  const digits = signedDigits.slice(negative ? 1 : 0);
  const mark = negative ? '-' : plusOf(sign);
  const grouped = comma ? grouped3(digits) : digits;
  const isZeroed = zero !== undefined && align === undefined;
  if (comma && (isZeroed || align === '=')) refuse('format', `The format ':${spec}'`, 'Use simpler formats.');
  const by = fill ?? (zero ? '0' : ' ');
  if (!isZeroed && align !== '=') return pad(mark + grouped, BigInt(width), (align ?? '>') as '>', by);
  return mark + pad(grouped, BigInt(width) - BigInt(mark.length), '>', by);
}

function plusOf(sign: string | undefined): string {
  return sign === '+' || sign === ' ' ? sign : '';
}

function grouped3(digits: string): string {
  const [whole = '', ...rest] = digits.split('.');
  return [whole.replace(/\B(?=(?:\d{3})+$)/g, ','), ...rest].join('.');
}

const bases: Readonly<Record<string, number>> = { d: 10, x: 16, X: 16, o: 8, b: 2 };

function digitsOf(value: bigint | number, { type, precision, comma }: Parts, spec: string): string {
  if (type === 'f' && Number.isFinite(Number(value)) && Number(precision ?? 6) < 1000) {
    return fixed(Number(value), Number(precision ?? 6));
  }
  const radix = bases[type ?? 'd'];
  const isInt = typeof value === 'bigint' && precision === undefined;
  if (isInt && radix === 10) return intText(value);
  if (isInt && radix !== undefined && !comma) {
    const digits = value.toString(radix);
    return type === 'X' ? digits.toUpperCase() : digits;
  }
  return refuse('format', `The format ':${spec}'`, 'Use `f`, `d`, `x`, `o` or `b`.');
}

import { fail } from '../failure.ts';
import type { Budget } from '../run/budget.ts';
import type { Value } from '../value.ts';
import { as, list, tuple, typeName } from '../value.ts';
import { type Bound, type Signature, signature } from './arguments.ts';
import { listOf, toCount, toInt, truth } from './iterate.ts';
import * as letters from './letters.ts';
import { failUndefined } from './print.ts';
import {
  lengthOf,
  lettersOf,
  linesOf,
  pad,
  replaceText,
  room,
  strip,
  trimEnd,
  trimStart,
  words,
} from './text.ts';

/** A method of a text with bound arguments. */
export interface Method {
  signature: Signature;
  call(text: string, given: Bound, budget: Budget): Value;
}

function method(parameters: string, call: Method['call']): Method {
  return { signature: signature(parameters), call };
}

/** A text that was given; fails for anything else. */
export function textGiven(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  const missing = as('undefined', value);
  if (missing) failUndefined(missing);
  return as('markup', value)?.text ?? fail(`must be str, not ${typeName(value ?? null)}`);
}

function fillGiven(value: Value | undefined): string {
  const fill = value === undefined ? ' ' : textGiven(value);
  return lengthOf(fill) === 1 ? fill : fail('The fill character must be exactly one character long');
}

function padding(where: '<' | '>' | '^'): Method {
  return method('width fill? /', (text, [width, fill]) => {
    const [wide, by] = [toInt(width ?? null), fillGiven(fill)];
    return pad(text, wide, where, by);
  });
}

function stripping(start: boolean, end: boolean): Method {
  return method('chars? /', (text, [chars]) => {
    if (chars === undefined || chars === null) {
      return start && end ? strip(text) : start ? trimStart(text) : trimEnd(text);
    }
    return stripped(text, new Set(textGiven(chars)), start, end);
  });
}

/** Without the given letters at its ends. */
export function stripped(text: string, chars: ReadonlySet<string>, start: boolean, end: boolean): string {
  const all = lettersOf(text);
  let [from, to] = [0, all.length];
  while (start && from < to && chars.has(all[from] ?? '')) from++;
  while (end && to > from && chars.has(all[to - 1] ?? '')) to--;
  return all.slice(from, to).join('');
}

function plain(call: (text: string) => Value): Method {
  return method('/', (text) => call(text));
}

/** The part of a text that `start` and `end` bound, and where it begins. */
function within(text: string, start: Value | undefined, end: Value | undefined) {
  const all = lettersOf(text);
  const bound = (value: Value | undefined, otherwise: number) => {
    if (value === undefined || value === null) return otherwise;
    const at = toCount(value);
    return at < 0 ? Math.max(0, at + all.length) : at;
  };
  const from = bound(start, 0);
  const to = Math.min(bound(end, all.length), all.length);
  return { part: from > to ? undefined : all.slice(from, to).join(''), from };
}

function affix(has: (part: string, affix: string) => boolean): Method {
  return method('affix start? end? /', (text, [given, start, end]) => {
    const affixes = as('tuple', given)?.items ?? [given];
    const { part } = within(text, start, end);
    return affixes.some((one) => {
      const wanted = textGiven(one);
      return part !== undefined && has(part, wanted);
    });
  });
}

function finding(fromEnd: boolean, failing: boolean): Method {
  return method('sub start? end? /', (text, [sub, start, end]) => {
    const wanted = textGiven(sub);
    const { part, from } = within(text, start, end);
    const at = part === undefined ? -1 : fromEnd ? part.lastIndexOf(wanted) : part.indexOf(wanted);
    if (at === -1 && failing) fail('substring not found');
    return at === -1 || part === undefined ? -1n : BigInt(from + lengthOf(part.slice(0, at)));
  });
}

function splitting(fromEnd: boolean): Method {
  return method('sep? maxsplit?', (text, [sep, maxsplit]) => {
    const limit = maxsplit === undefined ? -1 : toCount(maxsplit);
    if (sep === undefined || sep === null)
      return list(fromEnd ? wordsFromEnd(text, limit) : words(text, limit));
    const by = textGiven(sep);
    if (by === '') fail('empty separator');
    return list(splitAt(text, by, limit, fromEnd));
  });
}

function splitAt(text: string, by: string, limit: number, fromEnd: boolean): string[] {
  const parts = fromEnd ? splitFromEnd(text, by) : text.split(by);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  if (!fromEnd) return [...parts.slice(0, limit), parts.slice(limit).join(by)];
  const first = parts.length - limit;
  return [parts.slice(0, first).join(by), ...parts.slice(first)];
}

/** Split at the separators as they are found from the end. */
function splitFromEnd(text: string, by: string): string[] {
  const flip = (one: string) => Array.from(one).reverse().join('');
  return flip(text).split(flip(by)).map(flip).reverse();
}

function wordsFromEnd(text: string, limit: number): string[] {
  if (limit < 0) return words(text, -1);
  const flip = (one: string) => Array.from(one).reverse().join('');
  return words(flip(text), limit).map(flip).reverse();
}

function partition(fromEnd: boolean): Method {
  return method('sep /', (text, [sep]) => {
    const by = textGiven(sep);
    if (by === '') fail('empty separator');
    const at = fromEnd ? text.lastIndexOf(by) : text.indexOf(by);
    if (at === -1) return tuple(fromEnd ? ['', '', text] : [text, '', '']);
    return tuple([text.slice(0, at), by, text.slice(at + by.length)]);
  });
}

function join(text: string, [items]: Bound, budget: Budget): Value {
  const parts = listOf(budget, items ?? null).map(textGiven);
  room(parts.reduce((sum, part) => sum + part.length + text.length, 0));
  return parts.join(text);
}

function zfill(text: string, [given]: Bound): Value {
  const width = toInt(given ?? null);
  const sign = /^[-+]/.test(text) ? text.charAt(0) : '';
  return sign + pad(text.slice(sign.length), width - BigInt(sign.length), '>', '0');
}

function count(text: string, [sub, start, end]: Bound): Value {
  const wanted = textGiven(sub);
  const { part } = within(text, start, end);
  if (part === undefined) return 0n;
  return BigInt(wanted === '' ? lengthOf(part) + 1 : part.split(wanted).length - 1);
}

/** The methods of texts, by name; `format` stands elsewhere. */
export const textMethods: Readonly<Record<string, Method>> = {
  capitalize: plain(letters.capitalize),
  center: padding('^'),
  count: method('sub start? end? /', count),
  endswith: affix((part, wanted) => part.endsWith(wanted)),
  find: finding(false, false),
  index: finding(false, true),
  isalnum: plain((text) => letters.isAll(text, 'isalnum')),
  isalpha: plain((text) => letters.isAll(text, 'isalpha')),
  isascii: plain((text) => !/[^\0-\x7f]/.test(text)),
  isdecimal: plain((text) => letters.isAll(text, 'isdecimal')),
  isdigit: plain((text) => letters.isAll(text, 'isdigit')),
  isidentifier: plain((text) => letters.isAll(text, 'isidentifier')),
  islower: plain(letters.isLower),
  isnumeric: plain((text) => letters.isAll(text, 'isnumeric')),
  isspace: plain(letters.isSpace),
  isupper: plain(letters.isUpper),
  join: method('items /', join),
  ljust: padding('<'),
  lower: plain(letters.lower),
  lstrip: stripping(true, false),
  partition: partition(false),
  removeprefix: method('prefix /', (text, [one]) => {
    const prefix = textGiven(one);
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }),
  removesuffix: method('suffix /', (text, [one]) => {
    const suffix = textGiven(one);
    return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  }),
  replace: method('old new count? /', (text, [old, by, times]) => {
    const [from, to] = [textGiven(old), textGiven(by)];
    return replaceText(text, from, to, times === undefined ? -1 : toCount(times));
  }),
  rfind: finding(true, false),
  rindex: finding(true, true),
  rjust: padding('>'),
  rpartition: partition(true),
  rsplit: splitting(true),
  rstrip: stripping(false, true),
  split: splitting(false),
  splitlines: method('keepends?', (text, [keep]) => list(linesOf(text, keep !== undefined && truth(keep)))),
  startswith: affix((part, wanted) => part.startsWith(wanted)),
  strip: stripping(true, true),
  swapcase: plain(letters.swapCase),
  title: plain(letters.titleCase),
  upper: plain(letters.upper),
  zfill: method('width /', zfill),
};

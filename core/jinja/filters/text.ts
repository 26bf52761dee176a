import { fail, refuse } from '../failure.ts';
import { blank } from '../lexer.ts';
import { fixed } from '../python/decimal.ts';
import { iterate, toInt } from '../python/iterate.ts';
import { capitalize, lower, upper } from '../python/letters.ts';
import { percentFormat } from '../python/percent.ts';
import { str } from '../python/print.ts';
import { lengthOf, lettersOf, linesOf, pad, replaceText, room, strip } from '../python/text.ts';
import { stripped, textGiven } from '../python/textMethods.ts';
import { as, dict, isUndefined, tuple, type Value } from '../value.ts';
import { countOr, type Filters, filter, flag, openFilter, textOr } from './filter.ts';
import { toFloatOr } from './numbers.ts';

/** The text of a value; text that is marked as safe would stay marked, so it is refused. */
function soft(value: Value | undefined, name: string): string {
  if (as('markup', value))
    refuse('markup', `The filter '${name}'`, "Use the filter 'string' first, or filter before marking.");
  return str(value ?? null);
}

/** A text that is worked on as it is; other values fail. */
function whole(value: Value | undefined, name: string): string {
  if (as('markup', value)) soft(value, name);
  return textGiven(value);
}

const wordStart = new RegExp(`([-${blank}({\\[<]+)`);

function title(text: string): string {
  return text
    .split(wordStart)
    .map((part) => {
      const [first = '', ...rest] = part;
      return upper(first) + lower(rest.join(''));
    })
    .join('');
}

function indent(text: string, width: Value | undefined, first: boolean, blanks: boolean): string {
  const by = typeof width === 'string' ? width : spaces(width ?? 4n);
  const lines = linesOf(`${text}\n`, false);
  room(text.length + lines.length * by.length);
  const set = lines.map((line, at) => (at > 0 && (blanks || line !== '') ? by + line : line)).join('\n');
  return first ? by + set : set;
}

function spaces(width: Value): string {
  if (as('markup', width)) refuse('markup', "The filter 'indent'", 'Indent by plain text.');
  const count = Number(toInt(width));
  room(count);
  return ' '.repeat(Math.max(0, count));
}

function truncate(text: string, length: number, killWords: boolean, end: string, leeway: number): string {
  if (length < lengthOf(end)) fail(`expected length >= ${lengthOf(end)}, got ${length}`);
  if (leeway < 0) fail(`expected leeway >= 0, got ${leeway}`);
  const letters = lettersOf(text);
  if (letters.length <= length + leeway) return text;
  const cut = letters.slice(0, length - lengthOf(end)).join('');
  const gap = killWords ? -1 : cut.lastIndexOf(' ');
  return (gap === -1 ? cut : cut.slice(0, gap)) + end;
}

/** Lists can be cut in Python, too. */
function cuttable(value: Value | undefined): string {
  if (as('list', value) || as('tuple', value) || as('dict', value) || as('view', value)) {
    refuse('method', "The filter 'truncate' of what is no text", 'Cut it by a slice.');
  }
  return whole(value, 'truncate');
}

function wordCount(text: string): bigint {
  if (/[^\0-\x7f]/.test(text))
    refuse('letters', "The filter 'wordcount'", 'Count words of ASCII letters only.');
  return BigInt(text.match(/\w+/g)?.length ?? 0);
}

const units = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

function fileSize(value: Value | undefined, binary: boolean): string {
  const bytes = toFloatOr(value ?? null, () => fail('not a number of bytes'));
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (!Number.isFinite(bytes)) return refuse('number', "The filter 'filesizeformat'", 'Leave infinity out.');
  if (bytes < base) return `${BigInt(Math.trunc(bytes))} Bytes`;
  let at = units.findIndex((_, index) => bytes < Number(BigInt(base) ** BigInt(index + 2)));
  if (at === -1) at = units.length - 1;
  const unit = Number(BigInt(base) ** BigInt(at + 2));
  const prefix = units[at] ?? '';
  return `${fixed((base * bytes) / unit, 1)} ${binary ? `${prefix.toUpperCase()}i` : prefix}B`;
}

const unreserved = /[^A-Za-z0-9_.~-]/gu;

function urlQuote(value: Value, query: boolean): string {
  return str(value).replace(unreserved, (one) => {
    if (one === '/' && !query) return one;
    if (one === ' ' && query) return '+';
    if (one > '\x7f') return encodeURIComponent(one);
    return `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/** The filters that make texts. */
export const textFilters: Filters = {
  capitalize: filter('s', ([value]) => capitalize(soft(value, 'capitalize'))),
  center: filter('value width?', ([value, width]) =>
    pad(soft(value, 'center'), toInt(width ?? 80n), '^', ' '),
  ),
  filesizeformat: filter('value binary?', ([value, binary]) => fileSize(value, flag(binary))),
  format: openFilter((value, { args, named }) => {
    if (args.length > 0 && named.size > 0)
      fail("can't handle positional and keyword arguments at the same time");
    return percentFormat(soft(value, 'format'), named.size > 0 ? dict(named) : tuple(args));
  }),
  indent: filter('s width? first? blank?', ([value, width, first, blanks]) =>
    indent(whole(value, 'indent'), width, flag(first), flag(blanks)),
  ),
  lower: filter('s', ([value]) => lower(soft(value, 'lower'))),
  replace: filter('s old new count?', ([value, old, by, count]) => {
    const times = count === null ? -1 : countOr(count, -1);
    return replaceText(str(value ?? null), str(old ?? null), str(by ?? null), times);
  }),
  string: filter('value /', ([value]) => as('markup', value) ?? str(value ?? null)),
  title: filter('s', ([value]) => title(soft(value, 'title'))),
  trim: filter('value chars?', ([value, chars]) => {
    const text = soft(value, 'trim');
    return chars === undefined || chars === null
      ? strip(text)
      : stripped(text, new Set(textGiven(chars)), true, true);
  }),
  truncate: filter('s length? killwords? end? leeway?', ([value, length, kill, end, leeway]) =>
    truncate(
      cuttable(value),
      countOr(length, 255),
      flag(kill),
      textOr(end, '...'),
      leeway === null ? 5 : countOr(leeway, 5),
    ),
  ),
  upper: filter('s', ([value]) => upper(soft(value, 'upper'))),
  urlencode: filter('value', ([value = null], { budget }) => {
    const isPlainValue = typeof value !== 'object' || value === null;
    if (isPlainValue || as('markup', value)) return urlQuote(value, false);
    if (isUndefined(value)) return str(value);
    const pairs: Value = as('dict', value) ? { kind: 'view', of: 'items', dict: value as never } : value;
    return [...iterate(budget, pairs)]
      .map((pair) => {
        const [key, one, ...more] = [...iterate(budget, pair)];
        if (key === undefined || one === undefined || more.length > 0) return fail('expected pairs');
        return `${urlQuote(key, true)}=${urlQuote(one, true)}`;
      })
      .join('&');
  }),
  wordcount: filter('s', ([value]) => wordCount(soft(value, 'wordcount'))),
};

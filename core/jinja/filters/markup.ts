import { pythonString } from '../../render/json.ts';
import { fail } from '../failure.ts';
import { absent } from '../python/access.ts';
import { attribute } from '../python/attribute.ts';
import { floatText } from '../python/decimal.ts';
import { toInt, truth } from '../python/iterate.ts';
import { sorted } from '../python/order.ts';
import { failUndefined, intText, str } from '../python/print.ts';
import { room } from '../python/text.ts';
import { as, isUndefined, type Markup, markup, or, textOf, typeName, type Value } from '../value.ts';
import { type Filters, filter } from './filter.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (one) => entities[one] ?? one);
}

function escapeValue(value: Value): Markup {
  return as('markup', value) ?? markup(escapeText(str(value)));
}

interface Writing {
  indent: string | undefined;
  size: number;
}

function json(value: Value, depth: number, out: Writing): string {
  const text = scalarJson(value) ?? boxJson(value, depth, out);
  out.size += text.length;
  room(out.size);
  return text;
}

function scalarJson(value: Value): string | undefined {
  const text = textOf(value);
  if (text !== undefined) return pythonString(text);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return intText(value);
  return typeof value === 'number' ? floatJson(value) : undefined;
}

function floatJson(value: number): string {
  if (Number.isFinite(value)) return floatText(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function boxJson(value: Value, depth: number, out: Writing): string {
  if (depth > 100) fail('Circular reference detected');
  const items = (as('list', value) ?? as('tuple', value))?.items;
  if (items !== undefined)
    return setOut(
      '[',
      items.map((item) => json(item, depth + 1, out)),
      ']',
      depth,
      out,
    );
  const dict = as('dict', value) ?? fail(`Object of type ${typeName(value)} is not JSON serializable`);
  const entries = sorted([...dict.entries.values()], ([key]) => key, false);
  const members = entries.map(([key, one]) => `${keyJson(key)}: ${json(one, depth + 1, out)}`);
  return setOut('{', members, '}', depth, out);
}

function keyJson(key: Value): string {
  const text = textOf(key);
  return text === undefined
    ? `"${scalarJson(key) ?? fail(`keys must be str, int, float, bool or None, not ${typeName(key)}`)}"`
    : pythonString(text);
}

function setOut(open: string, members: string[], close: string, depth: number, { indent }: Writing): string {
  if (members.length === 0) return open + close;
  if (indent === undefined) return open + members.join(', ') + close;
  const line = `\n${indent.repeat(depth + 1)}`;
  room(members.length * line.length);
  return `${open}${line}${members.join(`,${line}`)}\n${indent.repeat(depth)}${close}`;
}

const unsafe: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  "'": '\\u0027',
};

function toJson(value: Value, indent: Value): Value {
  const by = indent === null ? undefined : (textOf(indent) ?? spaces(indent));
  const text = json(value, 0, { indent: by, size: 0 });
  return markup(text.replace(/[<>&']/g, (one) => unsafe[one] ?? one));
}

function spaces(indent: Value): string {
  const count = Number(toInt(indent));
  room(count);
  return ' '.repeat(Math.max(0, count));
}

function xmlAttributes(value: Value, space: boolean): string {
  if (isUndefined(value)) failUndefined(value);
  const dict = as('dict', value) ?? fail(`${typeName(value)} has no items`);
  const attributes: string[] = [];
  for (const [key, one] of dict.entries.values()) {
    if (one === null || isUndefined(one)) continue;
    const name = textOf(key) ?? fail('expected a text');
    if (/[\t-\r />=]/.test(name)) fail(`Invalid character in attribute name: '${name}'`);
    attributes.push(`${escapeValue(key).text}="${escapeValue(one).text}"`);
  }
  const text = attributes.join(' ');
  return space && text !== '' ? ` ${text}` : text;
}

/** The filters for HTML and JSON, and those for what is not there. */
export const markupFilters: Filters = {
  attr: filter('obj name', ([value = null, name = null], { budget }) => {
    const text = textOf(name) ?? fail('attribute name must be string');
    return or(attribute(budget, value, text), () => absent(value, name));
  }),
  default: filter('value default_value? boolean?', ([value = null, otherwise = '', boolean]) =>
    isUndefined(value) || (boolean !== undefined && truth(boolean) && !truth(value)) ? otherwise : value,
  ),
  escape: filter('s /', ([value = null]) => escapeValue(value)),
  forceescape: filter('value', ([value = null]) => markup(escapeText(str(value)))),
  safe: filter('value', ([value = null]) => markup(str(value))),
  tojson: filter('value indent?', ([value = null, indent = null]) => toJson(value, indent)),
  xmlattr: filter('d autospace?', ([value = null, space]) =>
    xmlAttributes(value, space === undefined || truth(space)),
  ),
};

import { exceed, fail, raise, refuse } from '../failure.ts';
import type { Compound, Undefined, Value } from '../value.ts';
import { typeName } from '../value.ts';
import { floatText } from './decimal.ts';
import { room } from './text.ts';

/** A value as `str()` writes it. */
export function str(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return scalarText(value);
  if (value.kind === 'markup') return value.text;
  if (value.kind !== 'undefined') return repr(value);
  return value.lenient ? '' : failUndefined(value);
}

/** Fails because something is not there. */
export function failUndefined({ message, setting, place, lenient }: Undefined): never {
  if (lenient)
    refuse('comparison', 'What an inline `if` without `else` gives', 'Add an `else`, or only print it.');
  return raise({
    kind: 'undefined',
    message,
    ...(setting === undefined ? {} : { setting }),
    ...(place && { place }),
  });
}

/** Ints of more digits are not turned to text by Python. */
const mostDigits = 4300;
const tooLarge = 10n ** BigInt(mostDigits);

export function intText(value: bigint): string {
  if (value >= tooLarge || value <= -tooLarge) fail(`an int of more than ${mostDigits} digits has no text`);
  return String(value);
}

function scalarText(value: null | boolean | bigint | number): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'bigint' ? intText(value) : floatText(value);
}

/** A value as `repr()` writes it. */
export function repr(value: Value): string {
  const parts: string[] = [];
  write(value, { parts, size: 0, depth: 0 });
  return parts.join('');
}

interface Writing {
  parts: string[];
  size: number;
  depth: number;
}

function put(out: Writing, text: string): void {
  out.size += text.length;
  room(out.size);
  out.parts.push(text);
}

function write(value: Value, out: Writing): void {
  if (typeof value === 'string') {
    put(out, quote(value));
    return;
  }
  if (typeof value !== 'object' || value === null) {
    put(out, scalarText(value));
    return;
  }
  // A list may have been put into itself.
  if (++out.depth > 100) exceed('Printing lists within lists');
  writeCompound(value, out);
  out.depth--;
}

function writeCompound(value: Compound, out: Writing): void {
  switch (value.kind) {
    case 'list':
      writeItems('[', value.items, ']', out);
      return;
    case 'tuple':
      writeItems('(', value.items, value.items.length === 1 ? ',)' : ')', out);
      return;
    case 'dict':
      writeDict(value.entries.values(), out);
      return;
    case 'markup':
      put(out, `Markup(${quote(value.text)})`);
      return;
    case 'range':
      put(out, `range(${value.start}, ${value.stop}${value.step === 1n ? '' : `, ${value.step}`})`);
      return;
    case 'undefined':
      put(out, 'Undefined');
      return;
    case 'view':
      writeView(value, out);
      return;
    default:
      put(out, objectText(value));
      return;
  }
}

function objectText(value: Compound): string {
  if (value.kind === 'object' && value.text !== undefined) return value.text();
  return refuse('print', `A ${typeName(value)}`, 'Print what is in it, for example with the filter `list`.');
}

function writeItems(open: string, items: Iterable<Value>, close: string, out: Writing): void {
  put(out, open);
  let first = true;
  for (const item of items) {
    if (!first) put(out, ', ');
    first = false;
    write(item, out);
  }
  put(out, close);
}

function writeDict(entries: Iterable<readonly [Value, Value]>, out: Writing): void {
  put(out, '{');
  let first = true;
  for (const [key, value] of entries) {
    if (!first) put(out, ', ');
    first = false;
    write(key, out);
    put(out, ': ');
    write(value, out);
  }
  put(out, '}');
}

function writeView({ of, dict }: Extract<Compound, { kind: 'view' }>, out: Writing): void {
  put(out, `dict_${of}(`);
  const entries = [...dict.entries.values()];
  const items: Value[] = entries.map(([key, value]) =>
    of === 'keys' ? key : of === 'values' ? value : { kind: 'tuple', items: [key, value] },
  );
  writeItems('[', items, '])', out);
}

const short: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text in quotes, as Python writes it. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text.replace(/[\\\p{C}\p{Z}]/gu, (one) =>
    one === ' ' ? one : (short[one] ?? escapeOf(one)),
  );
  return mark + (mark === "'" ? inside.replaceAll("'", "\\'") : inside) + mark;
}

function escapeOf(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

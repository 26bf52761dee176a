import type { Edit } from '../text/edits.ts';
import type { Range } from '../text/range.ts';
import { keyParts } from './entries.ts';
import { isPlainSafe } from './quoting.ts';

/** A key or dotted path as it stands in a file: the place of each of its parts, within its quotes if it has some. */
export interface WrittenName {
  /** All of it, quotes included. */
  range: Range;
  quote: '' | '"' | "'";
  parts: string[];
  /** Where each part stands. */
  ranges: Range[];
}

/**
 * Finds the parts of a name in the text that it is written as.
 * @param name what the text stands for, without quotes and escapes.
 * @returns `undefined` where the parts cannot be told apart: a block scalar, an escaped dot.
 */
export function writtenName(text: string, range: Range, name: string): WrittenName | undefined {
  const raw = text.slice(range.start, range.end);
  const [first = ''] = raw;
  const quoted = raw.length > 1 && (first === '"' || first === "'") && raw.endsWith(first);
  if (!quoted && raw !== name) return undefined;
  const quote = quoted ? (first as '"' | "'") : '';
  const inner = quoted ? raw.slice(1, -1) : raw;
  const parts = keyParts(name);
  const written = parts.length === 1 ? [inner] : inner.split('.');
  if (written.length !== parts.length) return undefined;
  let next = range.start + quote.length;
  const ranges = written.map((part) => {
    const start = next;
    next += part.length + 1;
    return { start, end: start + part.length };
  });
  return { range, quote, parts, ranges };
}

/**
 * Gives one part of a written name another text. The rest and the quotes stay as they are; quotes are put around it
 * only where YAML needs them.
 * @param flow whether it stands between brackets or braces.
 */
export function renamedPart(written: WrittenName, part: number, newName: string, flow: boolean): Edit {
  const { range, quote, parts, ranges } = written;
  const own = ranges[part] ?? range;
  if (quote === '"') return { range: own, text: JSON.stringify(newName).slice(1, -1) };
  if (quote === "'") return { range: own, text: newName.replaceAll("'", "''") };
  const whole = parts.map((one, index) => (index === part ? newName : one)).join('.');
  if (isPlainSafe(whole, flow)) return { range: own, text: newName };
  return { range, text: JSON.stringify(whole) };
}

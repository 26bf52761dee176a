import { exceed } from '../failure.ts';
import { blank } from '../lexer.ts';

/** The most code units that a text may have. */
export const mostText = 10_000_000;

/** Ends the rendering where a text would be longer than may be. */
export function room(length: number): void {
  if (!(length <= mostText)) exceed(`A text of ${length} characters`);
}

const surrogates = /[\ud800-\udfff]/;

/** Whether every character is one code unit, so that JavaScript counts as Python does. */
export function isPlain(text: string): boolean {
  return !surrogates.test(text);
}

/** The characters as Python counts them. */
export function lettersOf(text: string): string[] {
  return Array.from(text);
}

export function lengthOf(text: string): number {
  return isPlain(text) ? text.length : lettersOf(text).length;
}

/** The order of two texts, by code points. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  if (isPlain(a) && isPlain(b)) return a < b ? -1 : 1;
  const [left, right] = [lettersOf(a), lettersOf(b)];
  const at = left.findIndex((letter, index) => letter !== right[index]);
  if (at === -1) return -1;
  const other = right[at];
  return other !== undefined && (left[at]?.codePointAt(0) ?? 0) < (other.codePointAt(0) ?? 0) ? -1 : 1;
}

const leading = new RegExp(`^[${blank}]+`);
const blankRun = new RegExp(`[${blank}]+`);

export function strip(text: string): string {
  return trimEnd(text.replace(leading, ''));
}

export function trimStart(text: string): string {
  return text.replace(leading, '');
}

export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && blankRun.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The words between blanks; with a limit, what is left over stands last. */
export function words(text: string, limit: number): string[] {
  const found: string[] = [];
  let rest = trimStart(text);
  while (rest !== '') {
    const gap = found.length === limit ? null : blankRun.exec(rest);
    found.push(gap === null ? rest : rest.slice(0, gap.index));
    if (gap === null) break;
    rest = rest.slice(gap.index + gap[0].length);
  }
  return found;
}

// What ends a line for Python, beside \r\n.
const lineEnds = '\\n-\\r\\x1c-\\x1e\\x85\\u2028\\u2029';
const line = new RegExp(`[^${lineEnds}]*(?:\\r\\n|[${lineEnds}]|$)`, 'g');
const lineEnd = new RegExp(`(?:\\r\\n|[${lineEnds}])$`);

/** The lines of a text, without what ends them unless it is to be kept. */
export function linesOf(text: string, keepEnds: boolean): string[] {
  const found = text.match(line) ?? [];
  if (found.at(-1) === '') found.pop();
  return keepEnds ? found : found.map((one) => one.replace(lineEnd, ''));
}

/** Text set out in a width. Python gives the odd blank of a centred text to the left of an odd width. */
export function pad(text: string, width: bigint, where: '<' | '>' | '^', fill: string): string {
  const length = lengthOf(text);
  if (width <= BigInt(length)) return text;
  room(Number(width));
  const missing = Number(width) - length;
  const left = where === '<' ? 0 : where === '>' ? missing : (missing >> 1) + (missing & Number(width) & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

/** One text in place of another, as often as told. */
export function replaceText(text: string, old: string, by: string, count: number): string {
  if (count === 0) return text;
  const parts = old === '' ? ['', ...lettersOf(text), ''] : text.split(old);
  const times = Math.min(count < 0 ? Number.POSITIVE_INFINITY : count, parts.length - 1);
  room(text.length + times * by.length);
  return (
    parts.slice(0, times + 1).join(by) + parts.slice(times + 1).reduce((rest, part) => rest + old + part, '')
  );
}

import type { Range } from '../../text/range.ts';
import type { ConvertOptions } from '../../yaml/conversion.ts';
import { keyParts } from '../../yaml/entries.ts';
import { flowSpot } from './flowSpot.ts';
import { endOfQuoted, endOfToken, lineEnd, rawName, skipBlanks } from './tokens.ts';

/** What may be typed at a place: a key, the value of a key, or an element of a list. */
export interface Spot {
  /** The cursor. */
  at: number;
  kind: 'key' | 'value' | 'item';
  /** The mapping that the key belongs to, or the setting that has the value or the list. */
  path: string[];
  /** What stands there already and would be replaced. */
  range: Range;
  /** It stands between brackets or braces. */
  flow: boolean;
  /** A key with its colon. */
  hasColon: boolean;
}

/** A key or a list that the lines so far have opened. */
interface Level {
  indent: number;
  /** The parts of the key; `undefined` for a list. */
  parts: string[] | undefined;
  /** Nothing stands behind the key, so that what comes deeper belongs to it. */
  open: boolean;
}

interface Reading {
  text: string;
  offset: number;
  levels: Level[];
  parts(key: string): string[];
}

/** Where reading goes on, or what the cursor's place is: `undefined` where nothing of ours can stand. */
type Step = { next: number } | { spot: FoundSpot | undefined };

/** A place of which the cursor is known anyway. */
export type FoundSpot = Omit<Spot, 'at'>;

const nowhere: { spot: undefined } = { spot: undefined };

/**
 * Finds what may be typed at a place, from the text alone: it may be half typed and need not parse. Nothing may be typed
 * in comments, in text blocks, and in mappings that are elements of lists, which hold no settings.
 */
export function spotAt(
  text: string,
  offset: number,
  { dottedKeys }: ConvertOptions = { dottedKeys: true },
): Spot | undefined {
  const parts = dottedKeys ? keyParts : (key: string) => [key];
  const reading: Reading = { text, offset, levels: [], parts };
  for (let at = sectionStart(text, offset); at <= offset; ) {
    const step = readLine(reading, at);
    if ('spot' in step) return step.spot && { ...step.spot, at: offset };
    at = Math.max(step.next, at + 1);
  }
  return undefined;
}

/**
 * The last line up to the cursor that starts with a key at the left margin: nothing before it matters, since text blocks,
 * quoted texts and brackets of a mapping's values stand further in. Where the whole text is in braces, its start.
 */
function sectionStart(text: string, offset: number): number {
  if (/^\s*(?:(?:#|---|%)[^\n]*\s+)*[{[]/.test(text)) return 0;
  let at = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  while (at > 0 && !/[\w"']/.test(text[at] ?? '')) at = at === 1 ? 0 : text.lastIndexOf('\n', at - 2) + 1;
  return at;
}

function readLine(reading: Reading, lineStart: number): Step {
  const { text, offset } = reading;
  const end = lineEnd(text, lineStart);
  const past: Step = { next: end + 1 };
  const first = skipBlanks(text, lineStart, end);
  if (first === end) return offset <= end ? emptyLine(reading, lineStart) : past;
  if (offset < first) return nowhere;
  if (/^(?:#|---|\.\.\.|%)/.test(text.slice(first, first + 3))) return offset <= end ? nowhere : past;
  const content = readDashes(reading, lineStart, first, end);
  if (typeof content !== 'number') return content;
  if (content === end || text[content] === '#') return offset <= end ? nowhere : past;
  return readContent(reading, content, content - lineStart, end);
}

/** Opens a list for each dash at the line's beginning; returns what comes behind them, or the cursor's place among them. */
function readDashes(
  { text, offset, levels }: Reading,
  lineStart: number,
  first: number,
  end: number,
): Step | number {
  let start = first;
  while (text[start] === '-' && (start + 1 === end || /\s/.test(text[start + 1] ?? ''))) {
    const indent = start - lineStart;
    closeLevels(levels, (one) => one.indent > indent || (one.indent === indent && one.parts === undefined));
    levels.push({ indent, parts: undefined, open: true });
    const next = skipBlanks(text, start + 1, end);
    const isHere = offset > start && offset <= end && (next === end || offset < next);
    if (isHere) return next === end ? itemSpot(levels, { start: offset, end: offset }) : nowhere;
    start = next;
  }
  return start;
}

/** On an empty line the column decides which mapping a key would belong to. */
function emptyLine({ offset, levels }: Reading, lineStart: number): Step {
  const column = offset - lineStart;
  closeLevels(levels, (level) => level.indent >= column);
  return keySpot(levels, { start: offset, end: offset }, false);
}

/** A key with its value, or text that is neither yet. */
function readContent(reading: Reading, start: number, indent: number, end: number): Step {
  const { text, offset, levels } = reading;
  if (offset < start) return nowhere;
  closeLevels(levels, (level) => level.indent >= indent);
  if (text[start] === '{' || text[start] === '[') return readFlow(reading, start, end);
  const tokenEnd = endOfToken(text, start, end, false);
  const colon = skipBlanks(text, tokenEnd, end);
  const range = { start, end: tokenEnd };
  if (text[colon] !== ':') {
    if (offset > end) return { next: end + 1 };
    if (offset > tokenEnd) return nowhere;
    return levels.at(-1)?.parts === undefined && levels.length > 0
      ? itemSpot(levels, range)
      : keySpot(levels, range, false);
  }
  if (offset <= tokenEnd) return keySpot(levels, range, true);
  const level: Level = { indent, parts: reading.parts(rawName(text, range)), open: false };
  levels.push(level);
  return readValue(reading, level, colon + 1, end);
}

function readValue(reading: Reading, level: Level, from: number, end: number): Step {
  const { text, offset, levels } = reading;
  if (offset < from) return nowhere;
  const behind = readTags(reading, from, end);
  if ('spot' in behind) return behind;
  const start = behind.next;
  const [first = '#'] = text.slice(start, end);
  if (first === '#') {
    level.open = true;
    if (offset > end) return { next: end + 1 };
    const isFree = !behind.tagged && (offset < start || start === end);
    return isFree ? valueSpot(levels, { start: offset, end: offset }) : nowhere;
  }
  if (offset < start) return nowhere;
  if (first === '{' || first === '[') return readFlow(reading, start, end);
  if (first !== '|' && first !== '>') return readScalar(reading, level, start, end);
  return offset <= end ? nowhere : skipDeeper(reading, level.indent, end + 1);
}

/** Reads the tags and anchors before a value. */
function readTags(
  { text, offset, levels }: Reading,
  from: number,
  end: number,
): { next: number; tagged: boolean } | { spot: FoundSpot | undefined } {
  let start = skipBlanks(text, from, end);
  let tagged = false;
  while (text[start] === '!' || text[start] === '&') {
    const isTag = text[start] === '!';
    const stop = start + (/^\S+/.exec(text.slice(start, end))?.[0].length ?? 1);
    if (offset >= start && offset <= stop)
      return isTag ? valueSpot(levels, { start, end: stop }) : { spot: undefined };
    tagged ||= isTag;
    start = skipBlanks(text, stop, end);
  }
  return { next: start, tagged };
}

function readScalar(reading: Reading, level: Level, start: number, end: number): Step {
  const { text, offset, levels } = reading;
  const quote = text[start] === '"' || text[start] === "'";
  const close = quote ? endOfQuoted(text, start, end) : undefined;
  const stop = close ?? text.slice(start, end).replace(/\s+#.*$|\s+$/, '').length + start;
  if (offset <= stop) return valueSpot(levels, { start, end: stop });
  if (offset <= end) return nowhere;
  return quote && close === undefined ? skipDeeper(reading, level.indent, end + 1) : { next: end + 1 };
}

/** Skips the lines of a text block, or of a quoted text of several lines. */
function skipDeeper({ text, offset }: Reading, indent: number, from: number): Step {
  let at = from;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const column = skipBlanks(text, at, end) - at;
    const isBlank = at + column === end;
    if (!isBlank && column <= indent) break;
    if (offset >= at && offset <= end) {
      if (!isBlank || offset - at > indent) return nowhere;
      break;
    }
    at = end + 1;
  }
  return { next: at };
}

function readFlow({ text, offset, levels }: Reading, start: number, end: number): Step {
  const found = flowSpot(text, start, offset, pathOf(levels));
  if ('spot' in found) return found;
  const next = lineEnd(text, Math.max(found.next, start));
  return offset <= next && next >= end ? nowhere : { next: next + 1 };
}

function closeLevels(levels: Level[], closes: (level: Level) => boolean): void {
  for (let last = levels.at(-1); last !== undefined && closes(last); last = levels.at(-1)) levels.pop();
}

/** The path of the keys that are open; `undefined` within a list. */
function pathOf(levels: readonly Level[]): string[] | undefined {
  return levels.some((level) => level.parts === undefined)
    ? undefined
    : levels.flatMap((level) => level.parts ?? []);
}

function keySpot(levels: readonly Level[], range: Range, hasColon: boolean): Step {
  const path = pathOf(levels);
  if (path === undefined || levels.at(-1)?.open === false) return nowhere;
  return { spot: { kind: 'key', path, range, flow: false, hasColon } };
}

function valueSpot(levels: readonly Level[], range: Range): { spot: FoundSpot | undefined } {
  const path = pathOf(levels);
  return { spot: path && { kind: 'value', path, range, flow: false, hasColon: true } };
}

function itemSpot(levels: readonly Level[], range: Range): Step {
  const path = pathOf(levels.slice(0, -1));
  return { spot: path && { kind: 'item', path, range, flow: false, hasColon: false } };
}

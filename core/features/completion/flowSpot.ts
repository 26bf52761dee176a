import { keyParts } from '../../yaml/entries.ts';
import type { FoundSpot } from './spot.ts';
import { endOfToken, lineEnd, rawName, skipBlanks } from './tokens.ts';

/** A bracket or brace that is open. */
interface Frame {
  list: boolean;
  /** The setting that has it as its value; `undefined` within a list. */
  path: string[] | undefined;
  key: string[];
  /** What comes next. */
  state: 'key' | 'value' | 'done';
}

/**
 * Finds what may be typed between brackets and braces, which may be left open.
 * @param start the opening bracket or brace.
 * @param path the setting that has it as its value.
 * @returns the cursor's place, or the offset behind the closing bracket.
 */
export function flowSpot(
  text: string,
  start: number,
  offset: number,
  path: string[] | undefined,
): { spot: FoundSpot | undefined } | { next: number } {
  const reading: Reading = { text, offset, path, frames: [] };
  for (let at = start; at <= Math.max(offset, text.length - 1); ) {
    const step = isBetween(text[at]) ? readBetween(reading, at) : readOn(reading, at);
    if ('spot' in step) return step;
    at = step.next;
    if (reading.frames.length === 0) return step;
  }
  return { next: text.length };
}

interface Reading {
  text: string;
  offset: number;
  path: string[] | undefined;
  frames: Frame[];
}

type Step = { spot: FoundSpot | undefined } | { next: number };

function isBetween(char: string | undefined): boolean {
  return char === undefined || /[\s,[\]{}:#]/.test(char);
}

function readBetween({ text, offset, path, frames }: Reading, at: number): Step {
  if (at >= offset && frames.length > 0) return { spot: spotBetween(frames, offset) };
  const end = endOfComment(text, at);
  if (end === at) {
    punctuation(frames, text[at] ?? '', path);
    return { next: at + 1 };
  }
  return offset <= end ? { spot: undefined } : { next: end };
}

function readOn({ text, offset, frames }: Reading, at: number): Step {
  const token = readToken(text, at, frames);
  const isHere = offset >= at && offset <= token.end;
  return isHere ? { spot: spotOn(frames, { start: at, end: token.end }, token) } : { next: token.end };
}

/** The end of a comment that starts here; the same offset where none does. */
function endOfComment(text: string, at: number): number {
  return text[at] === '#' && /\s/.test(text[at - 1] ?? '') ? lineEnd(text, at) : at;
}

function punctuation(frames: Frame[], char: string, path: string[] | undefined): void {
  const top = frames.at(-1);
  if (char === '{' || char === '[') {
    const inner = top === undefined ? path : valuePath(top);
    if (top) top.state = 'done';
    frames.push({ list: char === '[', path: inner, key: [], state: char === '[' ? 'value' : 'key' });
  } else if (char === '}' || char === ']') {
    frames.pop();
  } else if (top) {
    top.state = stateBehind(top, char);
  }
}

function stateBehind({ list, state }: Frame, char: string): Frame['state'] {
  if (char === ',') return list ? 'value' : 'key';
  return char === ':' && !list ? 'value' : state;
}

/** The setting that a value in the frame belongs to; `undefined` for elements of a list. */
function valuePath(frame: Frame): string[] | undefined {
  return frame.list ? undefined : frame.path && [...frame.path, ...frame.key];
}

interface Token {
  end: number;
  was: Frame['state'];
  hasColon: boolean;
}

function readToken(text: string, start: number, frames: readonly Frame[]): Token {
  const end = lineEnd(text, start);
  const tag = /^[!&][^\s,[\]{}]*/.exec(text.slice(start, end))?.[0];
  const stop = tag === undefined ? endOfToken(text, start, end, true) : start + tag.length;
  const top = frames.at(-1);
  const was = top?.state ?? 'done';
  const hasColon = text[skipBlanks(text, stop, end)] === ':';
  if (top && tag === undefined) {
    if (was === 'key') top.key = keyParts(rawName(text, { start, end: stop }));
    top.state = 'done';
  }
  return { end: Math.max(stop, start + 1), was, hasColon };
}

function spotBetween(frames: readonly Frame[], offset: number): FoundSpot | undefined {
  const was = frames.at(-1)?.state ?? 'done';
  return spotOn(frames, { start: offset, end: offset }, { end: offset, was, hasColon: false });
}

function spotOn(
  frames: readonly Frame[],
  range: FoundSpot['range'],
  { was, hasColon }: Token,
): FoundSpot | undefined {
  const top = frames.at(-1);
  if (top?.path === undefined || was === 'done') return undefined;
  if (top.list) return { kind: 'item', path: top.path, range, flow: true, hasColon: false };
  if (was === 'key') return { kind: 'key', path: top.path, range, flow: true, hasColon };
  return { kind: 'value', path: [...top.path, ...top.key], range, flow: true, hasColon: true };
}

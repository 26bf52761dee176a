import { StringDecoder } from 'node:string_decoder';
import type { Mask } from './mask.ts';

/** The bytes of an output, line by line, with the secrets hidden. */
export interface OutputLines {
  /** Takes bytes, and gives the lines that are whole now. */
  push(bytes: Buffer): string[];
  /** The last line, where the output does not end with a line break. */
  end(): string[];
}

export interface OutputOptions {
  /** The longest line, in UTF-16 code units: 8192. A longer one comes in pieces. */
  longest?: number;
  /** Whether a line `::add-mask::VALUE` hides a value from now on, and is not told itself. */
  mayAddSecrets?: boolean;
}

interface State {
  mask: Mask;
  longest: number;
  mayAddSecrets: boolean;
  /** What of a line that goes on was told: as much as a secret may reach back. */
  told: string;
  /** What was not told yet. */
  rest: string;
  /** Whether a piece of this line was told, or nothing of it may be. */
  isBegun: boolean;
  isDropped: boolean;
}

const addMask = '::add-mask::';
const longestAddition = 64 * 1024;

/**
 * Reads an output in little memory. Lines end with LF or CRLF; what a carriage return would have covered on a terminal is left
 * out; colours stay; bytes that are no UTF-8 become U+FFFD. A secret that an escape sequence cuts in two is not found.
 */
export function outputLines(
  mask: Mask,
  { longest = 8192, mayAddSecrets = false }: OutputOptions = {},
): OutputLines {
  const decoder = new StringDecoder('utf8');
  const state: State = { mask, longest, mayAddSecrets, told: '', rest: '', isBegun: false, isDropped: false };
  return {
    push: (bytes) => take(state, decoder.write(bytes)),
    end() {
      const lines = take(state, decoder.end());
      return state.rest === '' ? lines : [...lines, ...finish(state, '')];
    },
  };
}

function take(state: State, text: string): string[] {
  const parts = text.split('\n');
  const open = parts.pop() ?? '';
  const lines = parts.flatMap((part) => finish(state, part));
  state.rest += open;
  return [...lines, ...cutLong(state)];
}

/** The rest of a line that has its end. */
function finish(state: State, part: string): string[] {
  state.rest += part;
  if (isAddition(state)) {
    addSecret(state.mask, state.rest);
    state.isDropped = true;
  }
  const pieces = cutLong(state);
  const { rest, isBegun, isDropped } = state;
  const isNothing = isDropped || (isBegun && /^\r?$/.test(rest));
  if (!isNothing) pieces.push(tell(state, rest.length));
  Object.assign(state, { told: '', rest: '', isBegun: false, isDropped: false });
  return pieces;
}

/** Pieces of a line that is too long, but for what the beginning of a secret may be in. */
function cutLong(state: State): string[] {
  if (isAddition(state)) {
    if (state.rest.length <= longestAddition) return [];
    addSecret(state.mask, state.rest);
    state.isDropped = true;
  }
  if (state.isDropped) state.rest = '';
  const pieces: string[] = [];
  while (state.rest.length > state.longest + state.mask.longest) pieces.push(tell(state, cutAt(state)));
  return pieces;
}

/** Where a piece ends: not within a character. */
function cutAt({ rest, longest }: State): number {
  const isPair = /[\ud800-\udbff]/.test(rest.charAt(longest - 1));
  return isPair && longest > 1 ? longest - 1 : longest;
}

/** So much of the line, as it may be seen. */
function tell(state: State, length: number): string {
  const { told, rest, mask } = state;
  const text = told + rest;
  const end = told.length + length;
  const shown = mask.applyPart(text, told.length, end);
  state.told = text.slice(Math.max(0, end - mask.longest), end);
  state.rest = rest.slice(length);
  state.isBegun = true;
  return visible(shown);
}

/** What a terminal shows of a line in the end. */
function visible(line: string): string {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
  return whole.slice(whole.lastIndexOf('\r') + 1);
}

function isAddition({ mayAddSecrets, isBegun, isDropped, rest }: State): boolean {
  return mayAddSecrets && !isBegun && !isDropped && rest.startsWith(addMask);
}

/** Line breaks in a value are written `%0A`, `%0D`, and a percent sign `%25`; who does not know that is right too. */
function addSecret(mask: Mask, line: string): void {
  const value = line.slice(addMask.length, longestAddition).replace(/\r$/, '');
  mask.add(value);
  mask.add(value.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%'));
}

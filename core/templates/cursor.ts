import type { Range } from '../text/range.ts';
import type { Reading } from './scope.ts';
import { unescaped } from './strings.ts';
import type { Origin } from './template.ts';
import type { Token } from './tokens.ts';

/** A place in the tokens of one block. */
export interface Cursor {
  reading: Reading;
  tokens: readonly Token[];
  at: number;
  /** How many expressions are open around this one. */
  depth: number;
  /** Where the values that were named so far come from. */
  used: (readonly Origin[] | 'anything')[];
}

/** The token at the cursor or behind it, as it is written; empty behind the last one. */
export function peek({ reading, tokens, at }: Cursor, ahead = 0): string {
  const token = tokens[at + ahead];
  return token === undefined ? '' : reading.text.slice(token.start, token.end);
}

/** Goes over a word or sign, if it stands here. */
export function take(cursor: Cursor, word: string): boolean {
  if (peek(cursor) !== word) return false;
  cursor.at++;
  return true;
}

export function isAtEnd({ tokens, at }: Cursor): boolean {
  return at >= tokens.length;
}

/** Where a quoted text stands, without its quotes, and what it stands for. */
export function textOf({ reading }: Cursor, token: Token): { range: Range; value: string } {
  const range = { start: token.start + 1, end: token.unclosed ? token.end : token.end - 1 };
  return { range, value: unescaped(reading.text.slice(range.start, range.end)) };
}

/** How many origins are told apart. */
const mostOrigins = 20;

/** Where the values come from that were named since the mark. */
export function originsSince({ used }: Cursor, mark: number): readonly Origin[] | 'anything' {
  const found: Origin[] = [];
  for (let index = mark; index < used.length; index++) {
    const one = used[index] ?? [];
    if (one === 'anything' || found.length + one.length > mostOrigins) return 'anything';
    found.push(...one);
  }
  return found;
}

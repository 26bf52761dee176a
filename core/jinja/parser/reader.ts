import { raise, refuse } from '../failure.ts';
import type { Token } from '../lexer.ts';
import type { BlockStatement, NameUse } from '../nodes.ts';

/** A place in the tokens of a template, and what was noted up to it. */
export interface Reader {
  template: string;
  tokens: readonly Token[];
  at: number;
  names: NameUse[];
  blocks: Map<string, BlockStatement>;
  depth: number;
  /** How many loops are open around the place. */
  loops: number;
  /** How many statements with a scope of their own are open around the place. */
  scopes: number;
  /** The template extends another one. */
  isExtending: boolean;
}

/** What is deeper than this is refused: Python's own limits are near. */
const mostDepth = 60;

const end: Token = { type: 'eof', text: '', at: 0 };

export function peek(reader: Reader, ahead = 0): Token {
  return reader.tokens[reader.at + ahead] ?? reader.tokens.at(-1) ?? end;
}

export function next(reader: Reader): Token {
  const token = peek(reader);
  reader.at++;
  return token;
}

export function isSign(reader: Reader, sign: string, ahead = 0): boolean {
  const token = peek(reader, ahead);
  return token.type === 'sign' && token.text === sign;
}

export function isWord(reader: Reader, word: string, ahead = 0): boolean {
  const token = peek(reader, ahead);
  return token.type === 'name' && token.text === word;
}

export function takeSign(reader: Reader, sign: string): boolean {
  if (!isSign(reader, sign)) return false;
  reader.at++;
  return true;
}

export function takeWord(reader: Reader, word: string): boolean {
  if (!isWord(reader, word)) return false;
  reader.at++;
  return true;
}

export function expectSign(reader: Reader, sign: string): void {
  if (!takeSign(reader, sign)) unexpected(reader, `'${sign}'`);
}

export function expectWord(reader: Reader, word: string): void {
  if (!takeWord(reader, word)) unexpected(reader, `'${word}'`);
}

export function expectName(reader: Reader): Token {
  if (peek(reader).type !== 'name') unexpected(reader, 'a name');
  return next(reader);
}

export function expectEnd(reader: Reader, begin: '{{' | '{%'): void {
  const token = peek(reader);
  if (token.type !== 'end' || token.text !== begin) unexpected(reader, begin === '{{' ? "'}}'" : "'%}'");
  reader.at++;
}

/** Fails at the token that stands where something else was expected. */
export function unexpected(reader: Reader, expected: string): never {
  const { type, text } = peek(reader);
  const found =
    type === 'eof' ? 'the end of the template' : type === 'end' ? 'the end of the block' : `'${text}'`;
  return syntax(reader, `expected ${expected}, got ${found}`);
}

export function syntax(reader: Reader, message: string, offset: number = peek(reader).at): never {
  return raise({ kind: 'syntax', message, place: { template: reader.template, offset } });
}

/** Reads something that may hold the same again. */
export function deeper<T>(reader: Reader, read: (reader: Reader) => T): T {
  if (reader.depth >= mostDepth) refuse('nesting', 'This', 'Give parts of it names with {% set %}.');
  reader.depth++;
  const found = read(reader);
  reader.depth--;
  return found;
}

/** Whether a name is one that Python's compiler takes. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_]/.test(name);
}

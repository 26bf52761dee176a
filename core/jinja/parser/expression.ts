import type { Expression } from '../nodes.ts';
import { parsePrimary } from './primary.ts';
import { deeper, isSign, isWord, next, peek, type Reader, takeSign, takeWord } from './reader.ts';
import { parseFilters, parsePostfix } from './suffix.ts';

/** Reads an expression, `a if b else c` included. */
export function parseExpression(reader: Reader): Expression {
  return deeper(reader, parseChoice);
}

function parseChoice(reader: Reader): Expression {
  let then = parseOr(reader);
  for (;;) {
    const { at } = peek(reader);
    if (!takeWord(reader, 'if')) return then;
    const test = parseOr(reader);
    const otherwise = takeWord(reader, 'else') ? deeper(reader, parseChoice) : undefined;
    then = { kind: 'choice', at, test, then, otherwise };
  }
}

/** Reads an expression without a choice of its own. */
export function parseOr(reader: Reader): Expression {
  // Most have no operator at all: it need not be looked for on each level.
  if (isWord(reader, 'not')) return orFrom(reader, undefined);
  const { at } = peek(reader);
  const of = parseUnary(reader);
  return isAtEnd(reader) ? of : orFrom(reader, { at, of });
}

/** Whether something stands here that no operator begins with. */
function isAtEnd(reader: Reader): boolean {
  const { type, text } = peek(reader);
  return type === 'end' || (type === 'sign' && (text === ')' || text === ',' || text === ']'));
}

/** A first operand that was read, and where it begins. */
interface Begun {
  at: number;
  of: Expression;
}

/** Reads what a level of operators has. */
type Level = (reader: Reader, begun?: Begun) => Expression;

/** Reads one more operator and its right side; nothing where there is none. */
type More = (reader: Reader, left: Expression) => Expression | undefined;

const orFrom: Level = (reader, begun) => chain(reader, andFrom(reader, begun), moreOr);
const andFrom: Level = (reader, begun) => chain(reader, notFrom(reader, begun), moreAnd);
const sumFrom: Level = (reader, begun) => chain(reader, concatFrom(reader, begun), moreSum);
const productFrom: Level = (reader, begun) => chain(reader, powerFrom(reader, begun), moreProduct);
const powerFrom: Level = (reader, begun) => chain(reader, begun?.of ?? parseUnary(reader), morePower);

const moreOr: More = (reader, left) => {
  const { at } = peek(reader);
  return takeWord(reader, 'or') ? { kind: 'or', at, left, right: andFrom(reader) } : undefined;
};

const moreAnd: More = (reader, left) => {
  const { at } = peek(reader);
  return takeWord(reader, 'and') ? { kind: 'and', at, left, right: notFrom(reader) } : undefined;
};

const moreSum = arithmetic(['+', '-'], (reader) => concatFrom(reader));
const moreProduct = arithmetic(['*', '/', '//', '%'], (reader) => powerFrom(reader));
const morePower = arithmetic(['**'], (reader) => parseUnary(reader));

function arithmetic(signs: readonly string[], operand: (reader: Reader) => Expression): More {
  return (reader, left) => {
    const { at, type, text } = peek(reader);
    if (type !== 'sign' || !signs.includes(text)) return undefined;
    reader.at++;
    return { kind: 'arithmetic', at, sign: text, left, right: operand(reader) };
  };
}

/** Reads what may go on as the left side of more of its kind. Python reads these as nested, so their number counts. */
function chain(reader: Reader, first: Expression, more: More): Expression {
  const { depth } = reader;
  let left = first;
  for (let found = more(reader, left); found !== undefined; found = more(reader, left)) {
    left = found;
    deeper(reader, () => undefined);
    reader.depth++;
  }
  reader.depth = depth;
  return left;
}

function notFrom(reader: Reader, begun?: Begun): Expression {
  const { at } = peek(reader);
  if (begun !== undefined || !takeWord(reader, 'not')) return comparisonFrom(reader, begun);
  return { kind: 'not', at, of: deeper(reader, (one) => notFrom(one)) };
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

function comparisonFrom(reader: Reader, begun: Begun | undefined): Expression {
  const at = begun?.at ?? peek(reader).at;
  const first = sumFrom(reader, begun);
  const rest: { sign: string; of: Expression }[] = [];
  for (let sign = takeComparison(reader); sign !== undefined; sign = takeComparison(reader)) {
    rest.push({ sign, of: sumFrom(reader) });
  }
  return rest.length === 0 ? first : { kind: 'comparison', at, first, rest };
}

function takeComparison(reader: Reader): string | undefined {
  const { type, text } = peek(reader);
  if (type === 'sign' && comparisons.has(text)) return next(reader).text;
  if (takeWord(reader, 'in')) return 'in';
  if (!isWord(reader, 'not') || !isWord(reader, 'in', 1)) return undefined;
  reader.at += 2;
  return 'not in';
}

function concatFrom(reader: Reader, begun?: Begun): Expression {
  const at = begun?.at ?? peek(reader).at;
  const first = productFrom(reader, begun);
  if (!isSign(reader, '~')) return first;
  const items = [first];
  while (takeSign(reader, '~')) items.push(productFrom(reader));
  return { kind: 'concat', at, items };
}

function parseUnary(reader: Reader): Expression {
  return parseFilters(reader, parseSigned(reader));
}

function parseSigned(reader: Reader): Expression {
  const { at } = peek(reader);
  if (isSign(reader, '-') || isSign(reader, '+')) {
    const kind = next(reader).text === '-' ? 'negative' : 'positive';
    return parsePostfix(reader, { kind, at, of: deeper(reader, parseSigned) });
  }
  return parsePostfix(reader, parsePrimary(reader));
}

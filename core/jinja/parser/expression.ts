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
  return chain(reader, parseAnd, (left) => {
    const { at } = peek(reader);
    if (!takeWord(reader, 'or')) return undefined;
    return { kind: 'or', at, left, right: parseAnd(reader) };
  });
}

function parseAnd(reader: Reader): Expression {
  return chain(reader, parseNot, (left) => {
    const { at } = peek(reader);
    if (!takeWord(reader, 'and')) return undefined;
    return { kind: 'and', at, left, right: parseNot(reader) };
  });
}

/** Reads what may go on as the left side of more of its kind. Python reads these as nested, so their number counts. */
function chain(
  reader: Reader,
  first: (reader: Reader) => Expression,
  more: (left: Expression) => Expression | undefined,
): Expression {
  const { depth } = reader;
  let left = first(reader);
  for (let found = more(left); found !== undefined; found = more(left)) {
    left = found;
    deeper(reader, () => undefined);
    reader.depth++;
  }
  reader.depth = depth;
  return left;
}

function parseNot(reader: Reader): Expression {
  const { at } = peek(reader);
  if (!takeWord(reader, 'not')) return parseComparison(reader);
  return { kind: 'not', at, of: deeper(reader, parseNot) };
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

function parseComparison(reader: Reader): Expression {
  const { at } = peek(reader);
  const first = parseSum(reader);
  const rest: { sign: string; of: Expression }[] = [];
  for (let sign = takeComparison(reader); sign !== undefined; sign = takeComparison(reader)) {
    rest.push({ sign, of: parseSum(reader) });
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

function arithmetic(
  reader: Reader,
  signs: readonly string[],
  operand: (reader: Reader) => Expression,
): Expression {
  return chain(reader, operand, (left) => {
    const { at, type, text } = peek(reader);
    if (type !== 'sign' || !signs.includes(text)) return undefined;
    reader.at++;
    return { kind: 'arithmetic', at, sign: text, left, right: operand(reader) };
  });
}

function parseSum(reader: Reader): Expression {
  return arithmetic(reader, ['+', '-'], parseConcat);
}

function parseConcat(reader: Reader): Expression {
  const { at } = peek(reader);
  const first = parseProduct(reader);
  const items = [first];
  while (takeSign(reader, '~')) items.push(parseProduct(reader));
  return items.length === 1 ? first : { kind: 'concat', at, items };
}

function parseProduct(reader: Reader): Expression {
  return arithmetic(reader, ['*', '/', '//', '%'], (one) => arithmetic(one, ['**'], parseUnary));
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

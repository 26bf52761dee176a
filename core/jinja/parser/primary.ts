import { refuse } from '../failure.ts';
import { unquote } from '../literal.ts';
import type { Expression } from '../nodes.ts';
import { parseExpression, parseOr } from './expression.ts';
import {
  expectSign,
  isIdentifier,
  isSign,
  next,
  peek,
  type Reader,
  syntax,
  takeSign,
  unexpected,
} from './reader.ts';

const constants: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

/** Reads a name, a literal or something in brackets. */
export function parsePrimary(reader: Reader): Expression {
  const token = peek(reader);
  const { at } = token;
  switch (token.type) {
    case 'name':
      return parseName(reader);
    case 'string':
      return { kind: 'constant', at, value: parseStrings(reader) };
    case 'integer':
    case 'float':
      reader.at++;
      return { kind: 'constant', at, value: token.value ?? null };
    case 'sign':
      return parseBrackets(reader);
    default:
      return unexpected(reader, 'an expression');
  }
}

function parseName(reader: Reader): Expression {
  const { text: name, at } = next(reader);
  if (!isIdentifier(name)) syntax(reader, `'${name}' is no name`, at);
  if (Object.hasOwn(constants, name)) return { kind: 'constant', at, value: constants[name] ?? null };
  reader.names.push({ name, stored: false });
  return { kind: 'name', at, name };
}

function parseStrings(reader: Reader): string {
  let value = '';
  while (peek(reader).type === 'string') value += unquote(next(reader).text);
  return value;
}

function parseBrackets(reader: Reader): Expression {
  const { at } = peek(reader);
  if (takeSign(reader, '(')) {
    const value = parseTuple(reader, { parenthesized: true });
    expectSign(reader, ')');
    return value;
  }
  if (takeSign(reader, '[')) return { kind: 'list', at, items: parseItems(reader, ']', parseExpression) };
  if (takeSign(reader, '{')) return { kind: 'dict', at, items: parseItems(reader, '}', parsePair) };
  return unexpected(reader, 'an expression');
}

function parseItems<T>(reader: Reader, close: string, parse: (reader: Reader) => T): T[] {
  const items: T[] = [];
  while (!isSign(reader, close)) {
    if (items.length > 0) expectSign(reader, ',');
    if (isSign(reader, close)) break;
    items.push(parse(reader));
  }
  reader.at++;
  return items;
}

function parsePair(reader: Reader): [Expression, Expression] {
  const key = parseExpression(reader);
  // Jinja2 may fail at such a key before it renders anything.
  if (mayBeList(key)) refuse('comparison', 'A list or mapping as a key', 'Use text, numbers or tuples.');
  expectSign(reader, ':');
  return [key, parseExpression(reader)];
}

function mayBeList(key: Expression): boolean {
  switch (key.kind) {
    case 'list':
    case 'dict':
      return true;
    case 'tuple':
      return key.items.some(mayBeList);
    case 'choice':
      return mayBeList(key.then) || (key.otherwise !== undefined && mayBeList(key.otherwise));
    case 'and':
    case 'or':
    case 'arithmetic':
      return mayBeList(key.left) || mayBeList(key.right);
    case 'filter':
    case 'item':
    case 'slice':
      return key.of === undefined || key.of.kind === 'constant' || mayBeList(key.of);
    default:
      return false;
  }
}

/** How a tuple is read. */
interface TupleRules {
  /** It stands in parentheses, so that it may be empty. */
  parenthesized?: boolean;
  /** Whether `a if b else c` may be an element. */
  choices?: boolean;
}

/** Reads an expression, or several with commas between them. */
export function parseTuple(reader: Reader, { parenthesized, choices = true }: TupleRules): Expression {
  const { at } = peek(reader);
  const items: Expression[] = [];
  let separated = false;
  for (;;) {
    if (items.length > 0) expectSign(reader, ',');
    if (isTupleEnd(reader)) break;
    items.push(choices ? parseExpression(reader) : parseOr(reader));
    if (!isSign(reader, ',')) break;
    separated = true;
  }
  const [only] = items;
  if (!separated && only !== undefined) return only;
  if (!separated && !parenthesized) unexpected(reader, 'an expression');
  return { kind: 'tuple', at, items };
}

export function isTupleEnd(reader: Reader): boolean {
  return peek(reader).type === 'end' || isSign(reader, ')');
}

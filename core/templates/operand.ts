import { type Cursor, isAtEnd, originsSince, peek, take, textOf } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseAccesses, parseReference } from './reference.ts';
import type { Expression } from './template.ts';
import type { Token } from './tokens.ts';
import { builtInNames, reachingFilters } from './words.ts';

/** Words that are no variables. */
const reserved: ReadonlySet<string> = new Set(['and', 'or', 'not', 'if', 'else', 'is', 'in', 'recursive']);

export function isReserved(word: string): boolean {
  return reserved.has(word);
}

/** Reads a value with the filters and tests behind it. */
export function parseOperand(cursor: Cursor): Expression {
  const mark = cursor.used.length;
  let value = parseValue(cursor);
  for (;;) {
    if (take(cursor, '|')) value = parseFilter(cursor, value, mark);
    else if (take(cursor, 'is')) value = parseTest(cursor, value);
    else return value;
  }
}

const unknown: Expression = { kind: 'unknown' };

function parseValue(cursor: Cursor): Expression {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) return unknown;
  const mark = cursor.used.length;
  switch (token.kind) {
    case 'name':
      return parseName(cursor, token);
    case 'string':
      return parseTexts(cursor, token);
    case 'number':
      cursor.at++;
      return { kind: 'literal', value: Number(textAt(cursor, token).replaceAll('_', '')) };
    default:
      return parseBrackets(cursor, mark);
  }
}

const constants: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

function parseName(cursor: Cursor, token: Token): Expression {
  const name = textAt(cursor, token);
  if (reserved.has(name)) return unknown;
  cursor.at++;
  if (Object.hasOwn(constants, name)) return { kind: 'literal', value: constants[name] ?? null };
  const binding = cursor.reading.bindings.get(name);
  if (binding?.kind === 'setting') return parseReference(cursor, token, binding);
  const isOurs = binding !== undefined || !builtInNames.has(name);
  const origins = !isOurs ? [] : (binding?.origins ?? 'anything');
  // What an unknown function gives comes from its arguments.
  const isCall = binding === undefined && peek(cursor) === '(';
  if (!isCall) cursor.used.push(origins);
  parseAccesses(cursor, cursor.used.length - (isCall ? 0 : 1));
  return unknown;
}

function parseTexts(cursor: Cursor, token: Token): Expression {
  const mark = cursor.used.length;
  let value = '';
  for (let next: Token | undefined = token; next?.kind === 'string'; next = cursor.tokens[cursor.at]) {
    value += textOf(cursor, next).value;
    cursor.at++;
  }
  return parseAccesses(cursor, mark) ? unknown : { kind: 'literal', value };
}

function parseBrackets(cursor: Cursor, mark: number): Expression {
  const sign = peek(cursor);
  const close = { '(': ')', '[': ']', '{': '}' }[sign];
  if (close === undefined) return unknown;
  cursor.at++;
  const { items, separated } = parseItems(cursor, close);
  if (parseAccesses(cursor, mark) || sign === '{') return unknown;
  const [only = unknown] = items;
  return sign === '(' && !separated ? only : { kind: 'list', of: items };
}

/** Reads what stands between brackets, up to the closing one. */
export function parseItems(cursor: Cursor, close: string): { items: Expression[]; separated: boolean } {
  const items: Expression[] = [];
  let separated = false;
  while (!isAtEnd(cursor) && !take(cursor, close)) {
    const start = cursor.at;
    if (isSeparator(cursor)) {
      separated ||= peek(cursor) === ',';
      cursor.at += cursor.tokens[start]?.kind === 'name' ? 2 : 1;
      continue;
    }
    items.push(parseExpression(cursor));
    if (cursor.at === start) cursor.at++;
  }
  return { items, separated };
}

/** A comma, a colon, or the name of an argument. */
function isSeparator(cursor: Cursor): boolean {
  const sign = peek(cursor);
  const isKeyword = cursor.tokens[cursor.at]?.kind === 'name' && peek(cursor, 1) === '=';
  return sign === ',' || sign === ':' || isKeyword;
}

function parseFilter(cursor: Cursor, value: Expression, mark: number): Expression {
  const name = parseDottedName(cursor);
  if (value.kind === 'setting' && (name === 'default' || name === 'd')) {
    value.of.optional = [...value.of.optional, value.of.path.length];
  }
  const first = cursor.at;
  const origins = reachingFilters.has(name) ? originsSince(cursor, mark) : [];
  if (take(cursor, '(')) parseItems(cursor, ')');
  if (origins.length > 0) noteAttributes(cursor, first, origins);
  return unknown;
}

/** `map(attribute='db.host')` names parts of what it is given. */
function noteAttributes(cursor: Cursor, first: number, origins: ReturnType<typeof originsSince>): void {
  for (const token of cursor.tokens.slice(first, cursor.at)) {
    if (token.kind !== 'string') continue;
    const { range, value } = textOf(cursor, token);
    for (const name of value.split('.')) {
      cursor.reading.template.accesses.push({ name, range, origins, exact: false });
    }
  }
}

function parseTest(cursor: Cursor, value: Expression): Expression {
  const negated = take(cursor, 'not');
  const name = parseDottedName(cursor);
  if (value.kind === 'setting' && (name === 'defined' || name === 'undefined')) {
    value.of.optional = [...value.of.optional, value.of.path.length];
    const defined: Expression = { kind: 'defined', of: value.of };
    return negated === (name === 'undefined') ? defined : { kind: 'not', of: defined };
  }
  if (take(cursor, '(')) parseItems(cursor, ')');
  else if (startsArgument(cursor)) parseValue(cursor);
  return unknown;
}

/** `is divisibleby 3`: an argument may stand without brackets. */
function startsArgument(cursor: Cursor): boolean {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) return false;
  const word = textAt(cursor, token);
  return token.kind === 'sign' ? word === '[' || word === '{' : !reserved.has(word);
}

function parseDottedName(cursor: Cursor): string {
  let name = '';
  while (cursor.tokens[cursor.at]?.kind === 'name') {
    name += peek(cursor);
    cursor.at++;
    if (peek(cursor) !== '.') break;
    name += '.';
    cursor.at++;
  }
  return name;
}

function textAt({ reading }: Cursor, token: Token): string {
  return reading.text.slice(token.start, token.end);
}

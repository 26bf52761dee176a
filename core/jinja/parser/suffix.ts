import { refuse } from '../failure.ts';
import { checkFilter } from '../filters/table.ts';
import type { Expression, GivenArguments } from '../nodes.ts';
import { checkTest } from '../tests.ts';
import { parseExpression } from './expression.ts';
import { parsePrimary } from './primary.ts';
import {
  deeper,
  expectName,
  expectSign,
  isSign,
  isWord,
  next,
  peek,
  type Reader,
  syntax,
  takeSign,
  takeWord,
} from './reader.ts';

/** Reads what stands behind a value: `.name`, `[…]`, `(…)`. */
export function parsePostfix(reader: Reader, value: Expression): Expression {
  return suffixes(reader, value, parseAccess);
}

/** Reads filters, tests, and calls of what they give. */
export function parseFilters(reader: Reader, value: Expression): Expression {
  return suffixes(reader, value, (_, of) => {
    if (isSign(reader, '|')) return parseFilter(reader, of);
    if (isWord(reader, 'is')) return parseTest(reader, of);
    return isSign(reader, '(') ? parseAccess(reader, of) : undefined;
  });
}

function suffixes(
  reader: Reader,
  value: Expression,
  parse: (reader: Reader, of: Expression) => Expression | undefined,
) {
  const { depth } = reader;
  let whole = value;
  for (let more = parse(reader, whole); more !== undefined; more = parse(reader, whole)) {
    whole = more;
    deeper(reader, () => undefined);
    reader.depth++;
  }
  reader.depth = depth;
  return whole;
}

function parseAccess(reader: Reader, of: Expression): Expression | undefined {
  const { at } = peek(reader);
  if (takeSign(reader, '.')) return parseDotted(reader, of);
  if (takeSign(reader, '[')) return parseSubscript(reader, of, at);
  return isSign(reader, '(') ? { kind: 'call', at, of, given: parseArguments(reader) } : undefined;
}

function parseDotted(reader: Reader, of: Expression): Expression {
  const { type, text, at, value } = next(reader);
  if (type === 'name') return { kind: 'attribute', at, of, name: text };
  if (type !== 'integer') return syntax(reader, 'expected name or number', at);
  return { kind: 'item', at, of, key: { kind: 'constant', at, value: value ?? null } };
}

function parseSubscript(reader: Reader, of: Expression, at: number): Expression {
  const keys: (Expression | (Expression | undefined)[])[] = [];
  while (!isSign(reader, ']')) {
    if (keys.length > 0) expectSign(reader, ',');
    keys.push(parseKey(reader));
  }
  reader.at++;
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) {
    return Array.isArray(only)
      ? { kind: 'slice', at, of, bounds: only }
      : { kind: 'item', at, of, key: only };
  }
  const items = keys.filter((key): key is Expression => !Array.isArray(key));
  if (items.length < keys.length) syntax(reader, 'a slice among several keys', at);
  return { kind: 'item', at, of, key: { kind: 'tuple', at, items } };
}

/** Reads a key, or the bounds of a slice. */
function parseKey(reader: Reader): Expression | (Expression | undefined)[] {
  const first = isSign(reader, ':') ? undefined : parseExpression(reader);
  if (!takeSign(reader, ':')) return first ?? parseExpression(reader);
  const bound = () =>
    isSign(reader, ':') || isSign(reader, ']') || isSign(reader, ',') ? undefined : parseExpression(reader);
  const stop = bound();
  return takeSign(reader, ':') ? [first, stop, bound()] : [first, stop, undefined];
}

/** Reads the arguments of a call, with their parentheses. */
export function parseArguments(reader: Reader): GivenArguments {
  const given: GivenArguments = { args: [], named: [], rest: undefined, restNamed: undefined };
  const { at } = peek(reader);
  expectSign(reader, '(');
  for (let first = true; !isSign(reader, ')'); first = false) {
    if (!first) expectSign(reader, ',');
    if (!first && isSign(reader, ')')) break;
    if (!parseArgument(reader, given)) syntax(reader, 'invalid syntax for function call expression', at);
  }
  reader.at++;
  return given;
}

/** Reads one argument; tells whether it may stand behind those before it. */
function parseArgument(reader: Reader, given: GivenArguments): boolean {
  const { args, named, rest, restNamed } = given;
  if (takeSign(reader, '*')) {
    given.rest = parseExpression(reader);
    return rest === undefined && restNamed === undefined;
  }
  if (takeSign(reader, '**')) {
    given.restNamed = parseExpression(reader);
    return restNamed === undefined;
  }
  if (peek(reader).type === 'name' && isSign(reader, '=', 1)) return parseNamed(reader, given);
  args.push(parseExpression(reader));
  return rest === undefined && restNamed === undefined && named.length === 0;
}

function parseNamed(reader: Reader, { named, restNamed }: GivenArguments): boolean {
  const { text: name, at } = next(reader);
  reader.at++;
  if (named.some((one) => one.name === name)) syntax(reader, `'${name}' is given twice`, at);
  named.push({ name, value: parseExpression(reader) });
  return restNamed === undefined;
}

/** Reads filters as they stand at the head of a statement: the first with or without its `|`. */
export function parseFilterChain(reader: Reader, inline: boolean): Expression | undefined {
  let whole = inline ? parseFilterName(reader, undefined) : undefined;
  while (isSign(reader, '|')) whole = parseFilter(reader, whole);
  return whole;
}

function parseFilter(reader: Reader, of: Expression | undefined): Expression {
  reader.at++;
  return parseFilterName(reader, of);
}

function parseFilterName(reader: Reader, of: Expression | undefined): Expression {
  const { at } = peek(reader);
  const name = parseDottedName(reader);
  checkFilter(name);
  // Jinja2 computes it while it reads the template, and may fail at what is never rendered.
  if (name === 'attr' && of?.kind === 'constant') refuse('attribute', "'attr' of a literal", 'Leave it out.');
  const given = isSign(reader, '(') ? parseArguments(reader) : noArguments;
  return { kind: 'filter', at, name, of, given };
}

const noArguments: GivenArguments = { args: [], named: [], rest: undefined, restNamed: undefined };

function parseTest(reader: Reader, of: Expression): Expression {
  reader.at++;
  const negated = takeWord(reader, 'not');
  const { at } = peek(reader);
  const name = parseDottedName(reader);
  checkTest(name);
  const test: Expression = { kind: 'test', at, name, of, given: parseTestArguments(reader) };
  return negated ? { kind: 'not', at, of: test } : test;
}

const startsArgument: ReadonlySet<string> = new Set(['name', 'string', 'integer', 'float']);

function parseTestArguments(reader: Reader): GivenArguments {
  if (isSign(reader, '(')) return parseArguments(reader);
  const isOne = startsArgument.has(peek(reader).type) || isSign(reader, '[') || isSign(reader, '{');
  if (!isOne || ['else', 'or', 'and'].some((word) => isWord(reader, word))) return noArguments;
  if (isWord(reader, 'is')) syntax(reader, 'You cannot chain multiple tests with is');
  const argument = parsePostfix(reader, deeper(reader, parsePrimary));
  return { ...noArguments, args: [argument] };
}

function parseDottedName(reader: Reader): string {
  let name = expectName(reader).text;
  while (takeSign(reader, '.')) name += `.${expectName(reader).text}`;
  return name;
}

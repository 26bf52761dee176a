import { type Cursor, isAtEnd, originsSince, peek, take } from './cursor.ts';
import { parseCondition, parseExpression } from './expression.ts';
import { type Binding, bind, endBranch, enter, leave } from './scope.ts';
import type { Expression } from './template.ts';

/** Reads the inside of `{% … %}`. */
export function parseStatement(cursor: Cursor): void {
  const tag = peek(cursor);
  cursor.at++;
  const parse = Object.hasOwn(statements, tag) ? statements[tag] : undefined;
  if (parse === undefined) parseRest(cursor);
  else parse(cursor);
}

/** Reads all expressions up to the end of the block. */
export function parseRest(cursor: Cursor): void {
  while (!isAtEnd(cursor)) {
    const start = cursor.at;
    parseExpression(cursor);
    if (cursor.at === start) cursor.at++;
  }
}

const statements: Readonly<Record<string, (cursor: Cursor) => void>> = {
  if: parseIf,
  elif: parseElif,
  else: parseElse,
  endif: ({ reading }) => leave(reading, 'if'),
  for: parseFor,
  endfor: ({ reading }) => leave(reading, 'for'),
  set: parseSet,
  endset: () => {},
  with: parseWith,
  endwith: ({ reading }) => leave(reading, 'with'),
  macro: parseMacro,
  endmacro: ({ reading }) => leave(reading, 'macro'),
  call: parseCall,
  endcall: ({ reading }) => leave(reading, 'call'),
  block: ({ reading }) => enter(reading, 'block'),
  endblock: ({ reading }) => leave(reading, 'block'),
  filter: parseFilterBlock,
  endfilter: () => {},
  import: parseImport,
  from: parseImport,
  raw: () => {},
  endraw: () => {},
};

function parseIf(cursor: Cursor): void {
  enter(cursor.reading, 'if');
  parseBranch(cursor);
}

function parseElif(cursor: Cursor): void {
  const { reading } = cursor;
  endBranch(reading);
  reading.condition = reading.frames.at(-1)?.failed;
  parseBranch(cursor);
}

/** The condition of a branch, behind `if` or `elif`. */
function parseBranch(cursor: Cursor): void {
  const { reading } = cursor;
  const expression = parseExpression(cursor);
  parseRest(cursor);
  const outer = reading.condition;
  const frame = reading.frames.at(-1);
  if (frame?.kind === 'if') frame.failed = { expression, wanted: false, outer: frame.failed };
  reading.condition = { expression, wanted: true, outer };
}

/** The `else` of an `if`, or of a `for`, where nothing was looped over. */
function parseElse({ reading }: Cursor): void {
  const frame = reading.frames.at(-1);
  if (frame === undefined) return;
  endBranch(reading);
  reading.condition = frame.failed;
}

function parseFor(cursor: Cursor): void {
  const { reading } = cursor;
  const names = parseTargets(cursor);
  take(cursor, 'in');
  const mark = cursor.used.length;
  const iterable = parseCondition(cursor);
  const origins = originsSince(cursor, mark);
  enter(reading, 'for');
  reading.condition = within(iterable, reading.condition);
  for (const name of names) bind(reading, name, { kind: 'value', origins });
  bind(reading, 'loop', { kind: 'value', origins: [] });
  const frame = reading.frames.at(-1);
  if (!take(cursor, 'if')) {
    if (frame !== undefined) frame.failed = { expression: iterable, wanted: false, outer: frame.outer };
    return;
  }
  reading.condition = within(parseCondition(cursor), reading.condition);
  parseRest(cursor);
}

/** The body is reached only where there is something to loop over, or where the condition holds. */
function within(expression: Expression, outer: Cursor['reading']['condition']) {
  return { expression, wanted: true, outer };
}

/** The variables of a `for`, up to its `in`, or of a `set`, up to its sign. */
function parseTargets(cursor: Cursor): string[] {
  const names: string[] = [];
  while (!isAtEnd(cursor) && peek(cursor) !== 'in' && peek(cursor) !== '=') {
    if (cursor.tokens[cursor.at]?.kind === 'name') names.push(peek(cursor));
    cursor.at++;
  }
  return names;
}

function parseSet(cursor: Cursor): void {
  const { reading, at: start } = cursor;
  const names = parseTargets(cursor);
  const targets = cursor.tokens.slice(start, cursor.at);
  const isBlock = !take(cursor, '=');
  const binding = isBlock ? nothing : parseBinding(cursor);
  parseRest(cursor);
  const [only] = names;
  const isAttribute = targets.some((one) => reading.text[one.start] === '.');
  // `{% set ns.x = … %}` puts the value into a variable that has others too.
  if (isAttribute && reading.bindings.get(only ?? '')?.kind === 'setting') return;
  if (targets.length === 1 && only !== undefined) bind(reading, only, binding);
  else for (const name of isAttribute ? names.slice(0, 1) : names) bind(reading, name, anything);
}

const nothing: Binding = { kind: 'value', origins: [] };
const anything: Binding = { kind: 'value', origins: 'anything' };

/** What a variable gets: a setting under another name, or a value that may come from several. */
function parseBinding(cursor: Cursor): Binding {
  const mark = cursor.used.length;
  const { references } = cursor.reading.template;
  const first = references.length;
  const value = parseExpression(cursor);
  for (const one of references.slice(first)) one.passed = true;
  const isWhole = isAtEnd(cursor) || peek(cursor) === ',';
  if (value.kind !== 'setting' || !isWhole) return { kind: 'value', origins: originsSince(cursor, mark) };
  const { root, path, optional, absent } = value.of;
  // Only a use of the variable fails where the setting is not there.
  value.of.optional = [...optional, path.length];
  return { kind: 'setting', origin: { root, path: [...path] }, optional, absent };
}

/** The values of a `with` do not see its variables. */
function parseWith(cursor: Cursor): void {
  const bound: [string, Binding][] = [];
  while (!isAtEnd(cursor)) {
    const start = cursor.at;
    const name = peek(cursor);
    if (peek(cursor, 1) === '=') {
      cursor.at += 2;
      bound.push([name, parseBinding(cursor)]);
    } else if (!take(cursor, ',')) {
      parseExpression(cursor);
    }
    if (cursor.at === start) cursor.at++;
  }
  enter(cursor.reading, 'with');
  for (const [name, binding] of bound) bind(cursor.reading, name, binding);
}

function parseMacro(cursor: Cursor): void {
  const name = peek(cursor);
  cursor.at++;
  if (name !== '') bind(cursor.reading, name, anything);
  const parameters = parseParameters(cursor);
  enter(cursor.reading, 'macro');
  for (const one of parameters) bind(cursor.reading, one, anything);
}

function parseCall(cursor: Cursor): void {
  const parameters = parseParameters(cursor);
  parseRest(cursor);
  enter(cursor.reading, 'call');
  for (const one of parameters) bind(cursor.reading, one, anything);
}

/** `(a, b=1)`, with the values that they have when none is given. */
function parseParameters(cursor: Cursor): string[] {
  const names: string[] = [];
  if (!take(cursor, '(')) return names;
  while (!isAtEnd(cursor) && !take(cursor, ')')) {
    if (cursor.tokens[cursor.at]?.kind === 'name') names.push(peek(cursor));
    cursor.at++;
    if (take(cursor, '=')) parseExpression(cursor);
  }
  return names;
}

/** The name of the filter is no variable. */
function parseFilterBlock(cursor: Cursor): void {
  cursor.at++;
  parseRest(cursor);
}

/** `import 'x' as m`, `from 'x' import a as b, c`: what they give is not known. */
function parseImport(cursor: Cursor): void {
  parseExpression(cursor);
  while (!isAtEnd(cursor)) {
    const isName = cursor.tokens[cursor.at]?.kind === 'name';
    const name = peek(cursor);
    cursor.at++;
    if (isName && name !== 'import' && name !== 'as') bind(cursor.reading, name, anything);
  }
}

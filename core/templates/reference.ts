import { type Cursor, isAtEnd, originsSince, peek, take, textOf } from './cursor.ts';
import { isReserved, parseItems } from './operand.ts';
import type { Binding } from './scope.ts';
import type { Access, Expression, OpenPlace, ReferencePart, TemplateReference } from './template.ts';
import type { Token } from './tokens.ts';
import { pythonMethods } from './words.ts';

/** Methods of a mapping that look up their first argument. */
const lookUps: ReadonlySet<string> = new Set(['get', 'pop', 'setdefault']);

/** Settings are not nested deeper. */
const mostParts = 200;

/** How reading goes on behind a part: with the next one, at the end, or with a value that is no setting. */
type Step = 'next' | 'end' | 'value';

/** Reads a reference, from the variable that it begins with. */
export function parseReference(
  cursor: Cursor,
  variable: Token,
  { origin, optional, absent }: Binding & { kind: 'setting' },
): Expression {
  const { start, end } = variable;
  const path = [...origin.path];
  const reference: TemplateReference = {
    root: origin.root,
    path,
    parts: [{ range: { start, end }, length: path.length, written: 'variable' }],
    range: { start, end },
    optional,
    absent,
    condition: cursor.reading.condition,
    passed: false,
  };
  cursor.reading.template.references.push(reference);
  const mark = cursor.used.length;
  let step: Step = 'next';
  while (step === 'next' && path.length < mostParts) step = parsePart(cursor, reference);
  const { root } = reference;
  cursor.used.splice(mark, cursor.used.length - mark, [{ root, path }]);
  const goesOn = parseAccesses(cursor, mark);
  return step === 'value' || goesOn ? { kind: 'unknown' } : { kind: 'setting', of: reference };
}

function parsePart(cursor: Cursor, reference: TemplateReference): Step {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) return 'end';
  switch (peek(cursor)) {
    case '.':
      return parseDot(cursor, reference, token);
    case '[':
      return parseBracket(cursor, reference, token);
    default:
      return 'end';
  }
}

function parseDot(cursor: Cursor, reference: TemplateReference, { start: dot, end }: Token): Step {
  const token = cursor.tokens[cursor.at + 1];
  const name = peek(cursor, 1);
  const isName = token?.kind === 'name' && !(isReserved(name) && token.start > end);
  if (!isName) {
    cursor.at++;
    if (token?.kind !== 'number') addOpen(cursor, reference, { start: end, end }, 'name', dot);
    else cursor.at++;
    return token?.kind === 'number' ? 'value' : 'end';
  }
  if (pythonMethods.has(name) && peek(cursor, 2) === '(') {
    if (!lookUps.has(name)) return 'end';
    cursor.at += 3;
    return parseLookUp(cursor, reference);
  }
  cursor.at += 2;
  const { start, end: last } = token;
  addPart(reference, name, { range: { start, end: last }, written: 'name', dot }, last);
  return 'next';
}

/** `.get('host', default)`, behind its bracket. */
function parseLookUp(cursor: Cursor, reference: TemplateReference): Step {
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== 'string' || !/^[,)]?$/.test(peek(cursor, 1))) {
    if (isAtEnd(cursor)) return 'end';
    noteComputed(cursor, reference);
    parseItems(cursor, ')');
    return 'value';
  }
  const { range, value } = textOf(cursor, token);
  if (value === '') addOpen(cursor, reference, range, 'string', token.start);
  cursor.at++;
  const start = cursor.at;
  parsePassed(cursor);
  if (value === '') return 'value';
  const end = cursor.tokens[cursor.at - 1]?.end ?? token.end;
  addPart(reference, value, { range, written: 'string' }, end);
  reference.optional = [...reference.optional, reference.path.length];
  reference.absent = absentFor(wordsFrom(cursor, start));
  return 'next';
}

/** What a look-up gives where nothing is there, by what stands behind the name. */
function absentFor(argument: string): TemplateReference['absent'] {
  if (/^,?\)?$/.test(argument)) return 'null';
  return /^,(?:\{\}|\[\]|''|""|0|[Ff]alse|[Nn]one)\)?$/.test(argument) ? 'empty' : 'unknown';
}

function wordsFrom({ reading, tokens, at }: Cursor, start: number): string {
  const words = tokens.slice(start, Math.min(at, start + 5));
  return words.map((one) => reading.text.slice(one.start, one.end)).join('');
}

function parseBracket(cursor: Cursor, reference: TemplateReference, { start: bracket, end }: Token): Step {
  const token = cursor.tokens[cursor.at + 1];
  const behind = peek(cursor, 2);
  cursor.at++;
  if (token === undefined || peek(cursor) === ']') {
    addOpen(cursor, reference, { start: end, end }, 'bracket', bracket);
    take(cursor, ']');
    return 'end';
  }
  if (token.kind === 'string' && (behind === ']' || behind === '')) {
    const { range, value } = textOf(cursor, token);
    cursor.at += behind === ']' ? 2 : 1;
    const last = cursor.tokens[cursor.at - 1]?.end ?? token.end;
    if (value !== '') addPart(reference, value, { range, written: 'string' }, last);
    else addOpen(cursor, reference, range, 'string', bracket);
    return value === '' ? 'end' : 'next';
  }
  const isIndex = token.kind === 'number' || /^[-:]$/.test(peek(cursor));
  if (!isIndex && !isKeyOf(cursor, token, reference)) noteComputed(cursor, reference);
  parseItems(cursor, ']');
  return 'value';
}

/** Whether a variable holds a key of this very mapping: `{% for name in conf.db %}{{ conf.db[name] }}`. */
function isKeyOf({ reading, ...cursor }: Cursor, token: Token, { root, path }: TemplateReference): boolean {
  const binding = reading.bindings.get(reading.text.slice(token.start, token.end));
  if (token.kind !== 'name' || peek({ reading, ...cursor }, 1) !== ']' || binding?.kind !== 'value')
    return false;
  const { origins } = binding;
  if (origins === 'anything' || origins.length === 0) return false;
  return origins.every((one) => one.root === root && one.path.join('\n') === path.join('\n'));
}

function addPart(
  reference: TemplateReference,
  name: string,
  part: Omit<ReferencePart, 'length'>,
  end: number,
): void {
  const { path, parts, range } = reference;
  reference.absent = 'undefined';
  path.push(name);
  parts.push({ ...part, length: path.length });
  range.end = end;
}

function addOpen(
  { reading }: Cursor,
  { root, path }: TemplateReference,
  range: OpenPlace['range'],
  written: OpenPlace['written'],
  before: number,
): void {
  reading.template.open.push({ range, of: { root, path: [...path] }, written, before });
}

function noteComputed({ reading, tokens, at }: Cursor, { root, path }: TemplateReference): void {
  const { start, end } = tokens[at] ?? { start: 0, end: 0 };
  const origins = [{ root, path: [...path] }];
  reading.template.accesses.push({ name: undefined, range: { start, end }, origins, exact: true });
}

/** Reads arguments up to their closing bracket: what they name goes on under another name. */
function parsePassed(cursor: Cursor): void {
  const { references } = cursor.reading.template;
  const first = references.length;
  parseItems(cursor, ')');
  for (const one of references.slice(first)) one.passed = true;
}

/**
 * Reads what is looked up in a value that is no setting itself, and calls.
 * @param mark from where on what was named may have led to the value.
 * @returns whether anything stood there.
 */
export function parseAccesses(cursor: Cursor, mark: number): boolean {
  const start = cursor.at;
  for (;;) {
    const next = peek(cursor, 1);
    if (take(cursor, '(')) parsePassed(cursor);
    else if (peek(cursor) === '.') parseAttribute(cursor, next, mark);
    else if (take(cursor, '[')) parseSubscript(cursor, mark);
    else return cursor.at > start;
  }
}

function parseAttribute(cursor: Cursor, name: string, mark: number): void {
  const token = cursor.tokens[cursor.at + 1];
  cursor.at += token?.kind === 'name' || token?.kind === 'number' ? 2 : 1;
  if (token?.kind !== 'name') return;
  const isMethod = pythonMethods.has(name) && peek(cursor) === '(';
  const argument = isMethod && lookUps.has(name) ? cursor.tokens[cursor.at + 1] : undefined;
  if (argument?.kind === 'string') {
    const { range, value } = textOf(cursor, argument);
    noteAccess(cursor, { name: value, range }, mark);
  } else if (!isMethod) {
    noteAccess(cursor, { name, range: { start: token.start, end: token.end } }, mark);
  }
}

function parseSubscript(cursor: Cursor, mark: number): void {
  const token = cursor.tokens[cursor.at];
  if (token?.kind === 'string') {
    const { range, value } = textOf(cursor, token);
    noteAccess(cursor, { name: value, range }, mark);
  } else if (token !== undefined && token.kind !== 'number') {
    noteAccess(cursor, { name: undefined, range: { start: token.start, end: token.end } }, mark);
  }
  parseItems(cursor, ']');
}

function noteAccess(cursor: Cursor, found: Pick<Access, 'name' | 'range'>, mark: number): void {
  const origins = originsSince(cursor, mark);
  if (origins.length > 0) cursor.reading.template.accesses.push({ ...found, origins, exact: false });
}

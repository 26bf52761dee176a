import { faultOf, raise, refuse } from '../failure.ts';
import { tokenize } from '../lexer.ts';
import type { NameUse, ParsedTemplate, Statement, Target, Whole } from '../nodes.ts';
import { parseBlock, parseExtends, parseFromImport, parseImport, parseInclude } from './composition.ts';
import { parseExpression } from './expression.ts';
import { parseCallBlock, parseMacro } from './macro.ts';
import { parseTuple } from './primary.ts';
import {
  deeper,
  expectEnd,
  expectSign,
  expectWord,
  next,
  peek,
  type Reader,
  syntax,
  takeSign,
  takeWord,
} from './reader.ts';
import { parseFilterChain } from './suffix.ts';
import { namesOf, parseTarget } from './target.ts';

/** Reads a template; fails at the first thing that Jinja2 would not take. */
export function parseTemplate(name: string, text: string): ParsedTemplate {
  const tokens = tokenize(name, text);
  const reader: Reader = {
    template: name,
    tokens,
    at: 0,
    names: [],
    blocks: new Map(),
    depth: 0,
    loops: 0,
    scopes: 0,
    isExtending: false,
  };
  const body = parsePlaced(reader);
  return { name, body, blocks: reader.blocks, names: reader.names, isExtending: reader.isExtending };
}

function parsePlaced(reader: Reader): Statement[] {
  try {
    return parseStatements(reader, []);
  } catch (thrown) {
    const fault = faultOf(thrown);
    return raise({
      ...fault,
      place: fault.place ?? { template: reader.template, offset: peek(reader, -1).at },
    });
  }
}

/** Reads up to one of the tags, with its name taken; all of the template where none is given. */
function parseStatements(reader: Reader, until: readonly string[]): Statement[] {
  const body: Statement[] = [];
  for (let token = next(reader); token.type !== 'eof'; token = next(reader)) {
    const { at, text } = token;
    if (token.type === 'data') {
      body.push({ kind: 'data', at, text });
    } else if (text === '{{') {
      const value = whole(reader, (one) => parseTuple(one, {}));
      body.push({ kind: 'output', at, value });
      expectEnd(reader, '{{');
    } else {
      if (until.includes(peek(reader).text) && peek(reader).type === 'name') return body;
      body.push(...deeper(reader, parseStatement));
      expectEnd(reader, '{%');
    }
  }
  if (until.length > 0) syntax(reader, `the template ends without {% ${until.at(-1)} %}`, endOf(reader));
  return body;
}

function endOf(reader: Reader): number {
  return reader.tokens.at(-1)?.at ?? 0;
}

/** Reads the inside of a statement, behind its head, up to one of the tags. */
export function parseBody(reader: Reader, ...until: string[]): Statement[] {
  takeSign(reader, ':');
  expectEnd(reader, '{%');
  return parseStatements(reader, until);
}

/** Reads something with the names that it uses. */
export function whole(reader: Reader, parse: (reader: Reader) => Whole['of']): Whole {
  const { value: of, names } = namesOf(reader, parse);
  return { of, names };
}

type Parse = (reader: Reader, at: number) => Statement | Statement[];

const parsers: Readonly<Record<string, Parse>> = {
  if: parseIf,
  for: parseFor,
  set: parseSet,
  with: parseWith,
  macro: (reader, at) => parseMacro(reader, at),
  call: (reader, at) => parseCallBlock(reader, at),
  filter: parseFilterBlock,
  include: (reader, at) => parseInclude(reader, at),
  import: (reader, at) => parseImport(reader, at),
  from: (reader, at) => parseFromImport(reader, at),
  extends: (reader, at) => parseExtends(reader, at),
  block: (reader, at) => parseBlock(reader, at),
  print: parsePrint,
  autoescape: () => refuse('statement', '{% autoescape %}', 'Use the filter `e` where HTML must be escaped.'),
};

function parseStatement(reader: Reader): Statement[] {
  const { type, text, at } = peek(reader);
  const parse = type === 'name' && Object.hasOwn(parsers, text) ? parsers[text] : undefined;
  if (parse === undefined)
    return syntax(reader, type === 'name' ? `unknown tag '${text}'` : 'tag name expected');
  reader.at++;
  // What `if` holds belongs to the scope around it.
  const opens = text === 'if' || text === 'extends' ? 0 : 1;
  reader.scopes += opens;
  const found = parse(reader, at);
  reader.scopes -= opens;
  return Array.isArray(found) ? found : [found];
}

function parseIf(reader: Reader, at: number): Statement {
  const branches: { test: Whole; body: Statement[] }[] = [];
  for (;;) {
    const test = whole(reader, (one) => parseTuple(one, { choices: false }));
    branches.push({ test, body: parseBody(reader, 'elif', 'else', 'endif') });
    const tag = next(reader).text;
    if (tag === 'elif') continue;
    return { kind: 'if', at, branches, otherwise: tag === 'else' ? parseLast(reader, 'endif') : [] };
  }
}

/** Reads up to an end tag and over it. */
export function parseLast(reader: Reader, end: string): Statement[] {
  const body = parseBody(reader, end);
  reader.at++;
  return body;
}

/** Python takes no more than twenty nested blocks. */
const mostLoops = 15;

function parseFor(reader: Reader, at: number): Statement {
  const target = parseTarget(reader, {});
  expectWord(reader, 'in');
  const over = whole(reader, (one) => parseTuple(one, { choices: false }));
  const test = takeWord(reader, 'if') ? whole(reader, parseExpression) : undefined;
  const recursive = takeWord(reader, 'recursive');
  if (++reader.loops > mostLoops) refuse('nesting', 'This loop', 'Put inner loops into macros.');
  const { value: body, names } = namesOf(reader, (one) => parseBody(one, 'endfor', 'else'));
  const otherwise = next(reader).text === 'else' ? parseLast(reader, 'endfor') : [];
  reader.loops--;
  if ([...names, ...storedIn(target)].some(({ name, stored }) => stored && name === 'loop')) {
    syntax(reader, "Can't assign to special loop variable in for-loop target", at);
  }
  return { kind: 'for', at, target, over, test, recursive, body, otherwise, names };
}

function storedIn(target: Target): NameUse[] {
  if (target.kind === 'tuple') return target.items.flatMap(storedIn);
  return target.kind === 'name' ? [{ name: target.name, stored: true }] : [];
}

function parseSet(reader: Reader, at: number): Statement {
  const target = parseTarget(reader, { namespaces: true });
  if (takeSign(reader, '=')) {
    return { kind: 'set', at, target, value: whole(reader, (one) => parseTuple(one, {})) };
  }
  const { value: of, names } = namesOf(reader, (one) => parseFilterChain(one, false));
  const body = parseLast(reader, 'endset');
  return { kind: 'setBlock', at, target, filter: of && { of, names }, body };
}

function parseWith(reader: Reader, at: number): Statement {
  const targets = [];
  const values: Whole[] = [];
  while (peek(reader).type !== 'end') {
    if (targets.length > 0) expectSign(reader, ',');
    targets.push(parseTarget(reader, {}));
    expectSign(reader, '=');
    values.push(whole(reader, parseExpression));
  }
  return { kind: 'with', at, targets, values, body: parseLast(reader, 'endwith') };
}

function parseFilterBlock(reader: Reader, at: number): Statement {
  const { value: of, names } = namesOf(reader, (one) => parseFilterChain(one, true));
  if (of === undefined) return syntax(reader, 'expected a filter', at);
  return { kind: 'filterBlock', at, filter: { of, names }, body: parseLast(reader, 'endfilter') };
}

function parsePrint(reader: Reader, at: number): Statement[] {
  const outputs: Statement[] = [];
  while (peek(reader).type !== 'end') {
    if (outputs.length > 0) expectSign(reader, ',');
    outputs.push({ kind: 'output', at, value: whole(reader, parseExpression) });
  }
  return outputs;
}

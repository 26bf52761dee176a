import { refuse } from '../failure.ts';
import type { BlockStatement, Statement } from '../nodes.ts';
import { parseExpression } from './expression.ts';
import { expectName, expectSign, expectWord, isSign, peek, type Reader, syntax, takeWord } from './reader.ts';
import { parseLast, whole } from './statement.ts';
import { namesOf, parseStoredName, takeWords } from './target.ts';

export function parseExtends(reader: Reader, at: number): Statement {
  if (reader.scopes > 0) syntax(reader, 'cannot use extend from a non top-level scope', at);
  if (reader.isExtending) refuse('statement', 'A second {% extends %}', 'Extend one template.');
  reader.isExtending = true;
  return { kind: 'extends', at, template: whole(reader, parseExpression) };
}

export function parseInclude(reader: Reader, at: number): Statement {
  const template = whole(reader, parseExpression);
  const ignoreMissing = takeWords(reader, 'ignore', 'missing');
  return { kind: 'include', at, template, ignoreMissing, withContext: parseContext(reader) ?? true };
}

export function parseImport(reader: Reader, at: number): Statement {
  const template = whole(reader, parseExpression);
  expectWord(reader, 'as');
  const name = parseStoredName(reader);
  return { kind: 'import', at, template, name, withContext: parseContext(reader) ?? false };
}

function parseContext(reader: Reader): boolean | undefined {
  if (takeWords(reader, 'with', 'context')) return true;
  return takeWords(reader, 'without', 'context') ? false : undefined;
}

export function parseFromImport(reader: Reader, at: number): Statement {
  const template = whole(reader, parseExpression);
  expectWord(reader, 'import');
  const names: { name: string; alias: string }[] = [];
  for (;;) {
    if (names.length > 0) expectSign(reader, ',');
    if (peek(reader).type !== 'name') syntax(reader, 'expected a name');
    const early = parseContext(reader);
    if (early !== undefined) return { kind: 'fromImport', at, template, names, withContext: early };
    names.push(parseImportedName(reader));
    const late = parseContext(reader);
    if (late !== undefined || !isSign(reader, ',')) {
      return { kind: 'fromImport', at, template, names, withContext: late ?? false };
    }
  }
}

function parseImportedName(reader: Reader): { name: string; alias: string } {
  const { text: name, at } = expectName(reader);
  if (name.startsWith('_')) syntax(reader, 'names starting with an underline can not be imported', at);
  if (takeWord(reader, 'as')) return { name, alias: parseStoredName(reader) };
  reader.at--;
  return { name, alias: parseStoredName(reader) };
}

export function parseBlock(reader: Reader, at: number): BlockStatement {
  const { text: name } = expectName(reader);
  const scoped = takeWord(reader, 'scoped');
  const required = takeWord(reader, 'required');
  if (isSign(reader, '-'))
    syntax(reader, 'Block names in Jinja may not contain hyphens, use an underscore instead');
  const { loops } = reader;
  reader.loops = 0;
  const { value: body, names } = namesOf(reader, (one) => parseLast(one, 'endblock'));
  reader.loops = loops;
  const isBare = body.every((one) => one.kind === 'data' && one.text.trim() === '');
  if (required && !isBare) syntax(reader, 'Required blocks can only contain comments or whitespace', at);
  takeWord(reader, name);
  const block: BlockStatement = { kind: 'block', at, name, scoped, required, body, names };
  if (reader.blocks.has(name)) syntax(reader, `block '${name}' defined twice`, at);
  reader.blocks.set(name, block);
  return block;
}

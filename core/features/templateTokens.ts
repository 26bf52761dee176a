import type { ReferencePart, Template } from '../templates/template.ts';
import { templateApp, templateOf } from '../templates/templateFiles.ts';
import type { Block, Token } from '../templates/tokens.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { withinLines } from './withinLines.ts';

/** What a token of a template is, in the words of LSP: every theme has colours for them. */
export const templateTokenTypes = [
  'property',
  'string',
  'number',
  'keyword',
  'operator',
  'variable',
  'function',
  'comment',
] as const;

export type TemplateTokenType = (typeof templateTokenTypes)[number];

/** A stretch of one line of a template. */
interface TemplateToken {
  range: Range;
  type: TemplateTokenType;
}

/** The tokens of a template, in its order: all but the plain text. None in a file that is no template. */
export function templateTokens(model: Model, file: string): TemplateToken[] {
  const found = templateApp(model, file) && templateOf(model, file);
  if (found === undefined) return [];
  const { text, template } = found;
  const names = namesAt(template);
  const tokens = template.blocks.flatMap((block) => blockTokens({ text, block, names }));
  return tokens.flatMap((one) => withinLines(text, one.range).map((range) => ({ ...one, range })));
}

/** The parts of references by where they start: what names a setting. */
function namesAt({ references }: Template): Map<number, ReferencePart> {
  const parts = references.flatMap((one) => one.parts);
  return new Map(parts.map((part) => [part.range.start, part]));
}

interface Work {
  text: string;
  block: Block;
  names: ReadonlyMap<number, ReferencePart>;
}

function blockTokens(work: Work): TemplateToken[] {
  const { text, block } = work;
  const { range } = block;
  if (block.kind === 'comment') return [{ range, type: 'comment' }];
  const whole = text.slice(range.start, range.end);
  const opening = /^\{[{%][-+]?/.exec(whole)?.[0].length ?? 0;
  const closing = /[-+]?[%}]\}$/.exec(whole.slice(opening))?.[0].length ?? 0;
  return [
    { range: { start: range.start, end: range.start + opening }, type: 'operator' },
    ...block.tokens.flatMap((token, index) => wordTokens(work, token, index)),
    { range: { start: range.end - closing, end: range.end }, type: 'operator' },
  ];
}

function wordTokens(work: Work, { kind, start, end }: Token, index: number): TemplateToken[] {
  switch (kind) {
    case 'name':
      return [{ range: { start, end }, type: nameType(work, index) }];
    case 'string':
      return stringTokens(work, { start, end });
    case 'number':
      return [{ range: { start, end }, type: 'number' }];
    default:
      return /^[([{,.:;}\])]$/.test(work.text.slice(start, end))
        ? []
        : [{ range: { start, end }, type: 'operator' }];
  }
}

/** A text that names a setting (`conf['db']`) is one between its quotes. */
function stringTokens({ names }: Work, range: Range): TemplateToken[] {
  const name = names.get(range.start + 1)?.range;
  if (name === undefined || name.end > range.end) return [{ range, type: 'string' }];
  const around: TemplateToken[] = [
    { range: { start: range.start, end: name.start }, type: 'string' },
    { range: name, type: 'property' },
    { range: { start: name.end, end: range.end }, type: 'string' },
  ];
  return around.filter((one) => one.range.end > one.range.start);
}

const keywords: ReadonlySet<string> = new Set(
  'and or not in is if else true false none True False None'.split(' '),
);

/** Words that mean something only within statements, and else may be names of variables. */
const statementWords: ReadonlySet<string> = new Set(
  'recursive import as with without context ignore missing scoped required'.split(' '),
);

function nameType({ text, block, names }: Work, index: number): TemplateTokenType {
  const word = (at: number) => {
    const token = block.tokens[at];
    return token === undefined ? '' : text.slice(token.start, token.end);
  };
  const own = word(index);
  const part = names.get(block.tokens[index]?.start ?? -1);
  if (part !== undefined) return part.written === 'variable' ? 'variable' : 'property';
  const isStatement = block.kind === 'statement';
  if (isStatement && index === 0) return 'keyword';
  if (word(index - 1) === '.') return word(index + 1) === '(' ? 'function' : 'property';
  if (isFunction(word, index)) return 'function';
  if (keywords.has(own) || (isStatement && statementWords.has(own))) return 'keyword';
  return word(index + 1) === '(' ? 'function' : 'variable';
}

/** A filter, a test, or what a statement defines. */
function isFunction(word: (at: number) => string, index: number): boolean {
  const before = word(index - 1);
  if (before === '|') return true;
  if (before === 'is') return word(index) !== 'not';
  return (before === 'not' && word(index - 2) === 'is') || (index === 1 && definers.has(before));
}

/** Statements whose first word is a name of its own. */
const definers: ReadonlySet<string> = new Set(['block', 'macro', 'filter', 'endblock', 'endmacro']);

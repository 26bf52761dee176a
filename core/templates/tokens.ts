import type { Range } from '../text/range.ts';
import { lineEnd, readQuoted } from './strings.ts';

/** A word or sign within `{{ … }}` or `{% … %}`. */
export interface Token extends Range {
  kind: 'name' | 'number' | 'string' | 'sign';
  /** A text whose closing quote is missing. */
  unclosed?: true;
}

/** A stretch of a template that is no plain text, with its delimiters. */
export interface Block {
  kind: 'output' | 'statement' | 'comment';
  range: Range;
  /** What stands between the delimiters; none in a comment. */
  tokens: Token[];
}

interface Scan {
  text: string;
  blocks: Block[];
  /** Before this offset, no end of a block was found from further up: blocks end with their lines. */
  confined: number;
  commentsEnd: boolean;
}

/**
 * Finds the blocks of a template. What is half typed ends at the end of its line or where the next block begins.
 * What stands between `{% raw %}` and `{% endraw %}` is plain text.
 */
export function readBlocks(text: string): Block[] {
  const scan: Scan = { text, blocks: [], confined: 0, commentsEnd: true };
  const opening = /\{[{%#]/g;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const block = found[0] === '{#' ? readComment(scan, found.index) : readBlock(scan, found.index);
    scan.blocks.push(block);
    opening.lastIndex = isRaw(text, block) ? endOfRaw(text, block.range.end) : block.range.end;
  }
  return scan.blocks;
}

function readComment(scan: Scan, start: number): Block {
  const { text } = scan;
  const end = scan.commentsEnd ? text.indexOf('#}', start + 2) : -1;
  // Looked for once: many comments without an end must not cost a search each.
  scan.commentsEnd = end !== -1;
  return {
    kind: 'comment',
    range: { start, end: end === -1 ? lineEnd(text, start) : end + 2 },
    tokens: [],
  };
}

function readBlock(scan: Scan, start: number): Block {
  const { text } = scan;
  const kind = text[start + 1] === '{' ? 'output' : 'statement';
  const limit = start < scan.confined ? lineEnd(text, start) : text.length;
  const { tokens, end, closed } = readTokens(text, start, limit);
  if (closed) return { kind, range: { start, end }, tokens };
  scan.confined = Math.max(scan.confined, end);
  const last = Math.max(start + 2, Math.min(end, lineEnd(text, start)));
  const isWhole = (tokens.at(-1)?.end ?? 0) <= last;
  // Read again as if nothing came behind the line: a text there may have been taken to go on below.
  const own = isWhole ? tokens : readTokens(text, start, last).tokens;
  return { kind, range: { start, end: last }, tokens: own };
}

/** The closing delimiter; in braces, `}}` closes two of them. */
const closing = /[-+]?[}%]\}/y;
const opens = /\{[{%#]/y;
const plainName = /[A-Za-z_][A-Za-z0-9_]*(?![A-Za-z0-9_]|[^\0-\x7f])/y;
const words =
  /([\p{L}_][\p{L}\p{N}_]*)|(\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)|(==|!=|<=|>=|\/\/|\*\*|[\s\S])/uy;
const blanks = /\s*/y;

function readTokens(text: string, start: number, limit: number) {
  const tokens: Token[] = [];
  let braces = 0;
  let at = start + (/[-+]/.test(text[start + 2] ?? '') ? 3 : 2);
  for (;;) {
    at = behindBlanks(text, at);
    const end = endAt(text, at, limit, braces > 0);
    if (end !== undefined) return { tokens, ...end };
    const token = readToken(text, at, limit, tokens.at(-1));
    tokens.push(token);
    if (token.unclosed && !isClosedAt(text, token.end)) return { tokens, end: token.end, closed: false };
    if (text[at] === '{') braces++;
    if (text[at] === '}' && braces > 0) braces--;
    at = token.end;
  }
}

/** Whether the block ends here, and how: closed, or because something else begins. */
function endAt(
  text: string,
  at: number,
  limit: number,
  inBraces: boolean,
): { end: number; closed: boolean } | undefined {
  if (at >= limit) return { end: limit, closed: false };
  if (!/[-+}%{]/.test(text[at] ?? '')) return undefined;
  const close = inBraces && text[at] === '}' ? undefined : endOf(closing, text, at);
  if (close !== undefined) return { end: close, closed: true };
  return endOf(opens, text, at) === undefined ? undefined : { end: at, closed: false };
}

function isClosedAt(text: string, at: number): boolean {
  return endOf(closing, text, behindBlanks(text, at)) !== undefined;
}

function behindBlanks(text: string, at: number): number {
  return endOf(blanks, text, at) ?? at;
}

function readToken(text: string, start: number, limit: number, before: Token | undefined): Token {
  if (text[start] === '"' || text[start] === "'") {
    const { end, closed } = readQuoted(text, start, limit);
    return { kind: 'string', start, end, ...(closed ? {} : { unclosed: true }) };
  }
  const plain = endOf(plainName, text, start);
  if (plain !== undefined) return { kind: 'name', start, end: plain };
  words.lastIndex = start;
  const [whole = '', name, number] = words.exec(text) ?? [];
  const kind = name !== undefined ? 'name' : number !== undefined ? 'number' : 'sign';
  // Behind a dot stands an index, and a further dot begins the next part.
  const afterDot = before !== undefined && text.slice(before.start, before.end) === '.';
  const length = kind === 'number' && afterDot ? whole.search(/[^\d]|$/) : Math.max(1, whole.length);
  return { kind, start, end: start + length };
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function isRaw(text: string, { kind, tokens: [first, ...more] }: Block): boolean {
  return kind === 'statement' && more.length === 0 && first !== undefined && nameOf(text, first) === 'raw';
}

function nameOf(text: string, token: Token): string {
  return text.slice(token.start, token.end);
}

/** Where `{% endraw %}` begins; without one, all that follows is plain text. */
function endOfRaw(text: string, from: number): number {
  const end = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;
  end.lastIndex = from;
  return end.exec(text)?.index ?? text.length;
}

import { CST, Lexer } from 'yaml';
import type { Range } from '../text/range.ts';

/** A piece of a YAML text that the tree does not keep. */
export interface Token extends Range {
  kind: 'comment' | 'anchor' | 'alias';
}

/** What the lexer puts before a plain or block scalar, and other marks of its own that are no text. */
const scalarMark = '\x1f';
const marks: ReadonlySet<string> = new Set([scalarMark, '\x02', '\x18']);

/** The comments, anchors and aliases of a text, in its order. */
export function yamlTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  let isScalar = false;
  for (const source of new Lexer().lex(text)) {
    if (!isScalar && marks.has(source)) {
      isScalar = source === scalarMark;
      continue;
    }
    const end = start + source.length;
    const kind = isScalar ? 'scalar' : CST.tokenType(source);
    if (kind === 'comment' || kind === 'anchor' || kind === 'alias') tokens.push({ kind, start, end });
    isScalar = false;
    start = end;
  }
  return tokens;
}

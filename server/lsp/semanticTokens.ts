import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver';
import { type SemanticToken, tokenTypes } from '../../core/features/semanticTokens.ts';
import { tokenModifiers } from '../../core/features/settingFates.ts';
import type { PositionOf } from './convert.ts';

/** The names behind the numbers of tokens. */
export const tokenLegend: SemanticTokensLegend = {
  tokenTypes: [...tokenTypes],
  tokenModifiers: [...tokenModifiers],
};

/** @param tokens in the order of the file, none over the end of a line. */
export function toSemanticTokens(
  file: string,
  tokens: readonly SemanticToken[],
  positionOf: PositionOf,
): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  for (const { range, type, modifiers } of tokens) {
    const { line, character } = positionOf(file, range.start);
    const bits = modifiers.reduce((sum, one) => sum | (1 << tokenModifiers.indexOf(one)), 0);
    builder.push(line, character, range.end - range.start, tokenTypes.indexOf(type), bits);
  }
  return builder.build();
}

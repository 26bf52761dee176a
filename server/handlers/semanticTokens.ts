import type { SemanticTokens, SemanticTokensParams, SemanticTokensRangeParams } from 'vscode-languageserver';
import { semanticTokens } from '../../core/features/semanticTokens.ts';
import { toSemanticTokens } from '../lsp/semanticTokens.ts';
import type { Server } from '../server.ts';

const none: SemanticTokens = { data: [] };

export function onSemanticTokens(server: Server, params: SemanticTokensParams): SemanticTokens {
  const found = server.fileOf(params);
  if (found === undefined) return none;
  const { model, file } = found;
  return toSemanticTokens(
    file,
    semanticTokens(model, file, server.session.chosen()),
    server.positionsIn(model),
  );
}

export function onSemanticTokensRange(
  server: Server,
  { textDocument, range }: SemanticTokensRangeParams,
): SemanticTokens {
  const from = server.placeOf({ textDocument, position: range.start });
  const to = server.placeOf({ textDocument, position: range.end });
  if (from === undefined || to === undefined) return none;
  const { model, file, offset: start } = from;
  const tokens = semanticTokens(model, file, server.session.chosen());
  const shown = tokens.filter((one) => one.range.end > start && one.range.start < to.offset);
  return toSemanticTokens(file, shown, server.positionsIn(model));
}

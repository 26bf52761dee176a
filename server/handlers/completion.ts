import type { CompletionItem, CompletionParams } from 'vscode-languageserver';
import { complete } from '../../core/features/completion/complete.ts';
import { toCompletionItem } from '../lsp/completion.ts';
import type { Server } from '../server.ts';

export function onCompletion(server: Server, params: CompletionParams): CompletionItem[] | null {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, file, offset } = place;
  const positionOf = server.positionsIn(model);
  const found = complete(model, file, offset, server.session.chosen());
  return found.map((one) => toCompletionItem(one, file, positionOf));
}

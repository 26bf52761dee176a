import type { DocumentHighlight, DocumentHighlightParams } from 'vscode-languageserver';
import { documentHighlight } from '../../core/features/documentHighlight.ts';
import { toHighlights } from '../lsp/highlights.ts';
import type { Server } from '../server.ts';

export function onDocumentHighlight(
  server: Server,
  params: DocumentHighlightParams,
): DocumentHighlight[] | null {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, file, offset } = place;
  return toHighlights(file, documentHighlight(model, file, offset), server.positionsIn(model));
}

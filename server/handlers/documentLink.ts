import type { DocumentLink, DocumentLinkParams } from 'vscode-languageserver';
import { documentLinks } from '../../core/features/documentLinks.ts';
import { toDocumentLinks } from '../lsp/links.ts';
import type { Server } from '../server.ts';

export function onDocumentLinks(server: Server, params: DocumentLinkParams): DocumentLink[] | null {
  const found = server.fileOf(params);
  if (found === undefined) return null;
  const { model, file } = found;
  return toDocumentLinks(
    file,
    documentLinks(model, file, server.session.chosen()),
    server.positionsIn(model),
  );
}

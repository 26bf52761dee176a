import type { DocumentSymbol, DocumentSymbolParams, SymbolInformation } from 'vscode-languageserver';
import { documentSymbols } from '../../core/features/documentSymbols.ts';
import { toDocumentSymbols, toFlatSymbols } from '../lsp/symbols.ts';
import type { Server } from '../server.ts';
import { onEffectiveSymbols } from './effectiveSource.ts';

export function onDocumentSymbol(
  server: Server,
  params: DocumentSymbolParams,
): DocumentSymbol[] | SymbolInformation[] | null {
  const found = server.textOf(params);
  if (found === undefined) return onEffectiveSymbols(server, params);
  const { model, file } = found;
  const convert = server.clientCan.hierarchicalSymbols ? toDocumentSymbols : toFlatSymbols;
  return convert(file, documentSymbols(model, file), server.positionsIn(model));
}

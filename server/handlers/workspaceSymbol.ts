import type { SymbolInformation, WorkspaceSymbolParams } from 'vscode-languageserver';
import { mostSymbols, workspaceSymbols } from '../../core/features/workspaceSymbols.ts';
import { toWorkspaceSymbols } from '../lsp/symbols.ts';
import type { Server } from '../server.ts';

export function onWorkspaceSymbol(server: Server, { query }: WorkspaceSymbolParams): SymbolInformation[] {
  const found = server.session
    .models()
    .flatMap((model) =>
      toWorkspaceSymbols(workspaceSymbols(model, query, server.settingIndex), server.positionsIn(model)),
    );
  return found.slice(0, mostSymbols);
}

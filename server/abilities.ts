import type { ClientCapabilities } from 'vscode-languageserver';
import { chooseEncoding, type Encoding } from './lsp/encoding.ts';

/** What the editor can do, as far as answers depend on it. */
export interface ClientAbilities {
  /** What characters of a line are counted in. */
  encoding: Encoding;
  locationLinks: boolean;
  documentChanges: boolean;
  declarationLinks: boolean;
  implementationLinks: boolean;
  hierarchicalSymbols: boolean;
  watching: boolean;
  folders: boolean;
  settings: boolean;
  refreshHints: boolean;
}

/** What an editor that has these capabilities can do. */
export function abilities({ general, textDocument, workspace }: ClientCapabilities): ClientAbilities {
  return {
    encoding: chooseEncoding(general?.positionEncodings),
    locationLinks: textDocument?.definition?.linkSupport === true,
    declarationLinks: textDocument?.declaration?.linkSupport === true,
    implementationLinks: textDocument?.implementation?.linkSupport === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    watching: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    folders: workspace?.workspaceFolders === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    settings:
      workspace?.configuration === true && workspace.didChangeConfiguration?.dynamicRegistration === true,
    refreshHints: workspace?.inlayHint?.refreshSupport === true,
  };
}

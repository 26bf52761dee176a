import type { ClientCapabilities } from 'vscode-languageserver';

/** What the editor can do, as far as answers depend on it. */
export interface ClientAbilities {
  locationLinks: boolean;
  documentChanges: boolean;
  declarationLinks: boolean;
  implementationLinks: boolean;
  typeDefinitionLinks: boolean;
  hierarchicalSymbols: boolean;
  watching: boolean;
  folders: boolean;
  settings: boolean;
  refreshHints: boolean;
}

/** What an editor that has these capabilities can do. */
export function abilities({ textDocument, workspace }: ClientCapabilities): ClientAbilities {
  return {
    locationLinks: textDocument?.definition?.linkSupport === true,
    declarationLinks: textDocument?.declaration?.linkSupport === true,
    implementationLinks: textDocument?.implementation?.linkSupport === true,
    typeDefinitionLinks: textDocument?.typeDefinition?.linkSupport === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    watching: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    folders: workspace?.workspaceFolders === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    settings:
      workspace?.configuration === true && workspace.didChangeConfiguration?.dynamicRegistration === true,
    refreshHints: workspace?.inlayHint?.refreshSupport === true,
  };
}

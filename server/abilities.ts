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
  typeDefinitionLinks: boolean;
  hierarchicalSymbols: boolean;
  watching: boolean;
  folders: boolean;
  settings: boolean;
  refreshHints: boolean;
  refreshDiagnostics: boolean;
  refreshLenses: boolean;
  refreshTokens: boolean;
  codeActions: boolean;
  resolveEdits: boolean;
  createFiles: boolean;
  renameFiles: boolean;
  deleteFiles: boolean;
  annotateChanges: boolean;
}

type ActionAbilities =
  | 'codeActions'
  | 'resolveEdits'
  | 'createFiles'
  | 'renameFiles'
  | 'deleteFiles'
  | 'annotateChanges';

function actionAbilities({
  textDocument,
  workspace,
}: ClientCapabilities): Pick<ClientAbilities, ActionAbilities> {
  const { codeAction } = textDocument ?? {};
  const { documentChanges, resourceOperations, changeAnnotationSupport } = workspace?.workspaceEdit ?? {};
  const operations: readonly string[] = documentChanges === true ? (resourceOperations ?? []) : [];
  const canResolve = codeAction?.resolveSupport?.properties.includes('edit') === true;
  return {
    codeActions: codeAction?.codeActionLiteralSupport !== undefined,
    resolveEdits: canResolve && codeAction?.dataSupport === true,
    createFiles: operations.includes('create'),
    renameFiles: operations.includes('rename'),
    deleteFiles: operations.includes('delete'),
    annotateChanges: documentChanges === true && changeAnnotationSupport !== undefined,
  };
}

/** What an editor that has these capabilities can do. */
export function abilities(capabilities: ClientCapabilities): ClientAbilities {
  const { general, textDocument, workspace } = capabilities;
  return {
    encoding: chooseEncoding(general?.positionEncodings),
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
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshLenses: workspace?.codeLens?.refreshSupport === true,
    refreshTokens: workspace?.semanticTokens?.refreshSupport === true,
    ...actionAbilities(capabilities),
  };
}

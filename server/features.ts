import type { Connection, ServerCapabilities } from 'vscode-languageserver';
import { actionKinds } from '../core/features/actions/action.ts';
import { boxesMethods } from '../protocol/boxes.ts';
import { compareMethods } from '../protocol/compare.ts';
import { effectiveMethods } from '../protocol/effective.ts';
import { explanationMethods } from '../protocol/explanation.ts';
import { layersMethods } from '../protocol/layers.ts';
import { settingsMethods } from '../protocol/settings.ts';
import { stepsMethods } from '../protocol/stepsDocument.ts';
import { cancellable } from './cancellable.ts';
import { onAddBox, onRemoveBox } from './handlers/boxes.ts';
import { onCodeAction } from './handlers/codeAction.ts';
import { onCodeActionResolve } from './handlers/codeActionResolve.ts';
import { onCodeLens } from './handlers/codeLens.ts';
import { onCodeLensResolve } from './handlers/codeLensResolve.ts';
import { onCompare } from './handlers/compare.ts';
import { onCompletion } from './handlers/completion.ts';
import { onCompletionResolve } from './handlers/completionResolve.ts';
import { onDeclaration } from './handlers/declaration.ts';
import { onDefinition } from './handlers/definition.ts';
import { onDocumentDiagnostic, onWorkspaceDiagnostic } from './handlers/diagnostic.ts';
import { onDocumentHighlight } from './handlers/documentHighlight.ts';
import { onDocumentLinks } from './handlers/documentLink.ts';
import { onDocumentSymbol } from './handlers/documentSymbol.ts';
import { onEffectiveDocument } from './handlers/effectiveDocument.ts';
import { onExplain } from './handlers/explain.ts';
import { onFoldingRange } from './handlers/foldingRange.ts';
import { onHover } from './handlers/hover.ts';
import { onImplementation } from './handlers/implementation.ts';
import { onInlayHint } from './handlers/inlayHint.ts';
import { onLayerMap } from './handlers/layerMap.ts';
import { onPrepareRename } from './handlers/prepareRename.ts';
import { onReferences } from './handlers/references.ts';
import { onRename } from './handlers/rename.ts';
import { onSelectionRange } from './handlers/selectionRange.ts';
import { onSemanticTokens, onSemanticTokensRange } from './handlers/semanticTokens.ts';
import { onSettings } from './handlers/settings.ts';
import { onSlots } from './handlers/slots.ts';
import { onStepsDocument } from './handlers/stepsDocument.ts';
import { onTypeDefinition } from './handlers/typeDefinition.ts';
import { onWorkspaceSymbol } from './handlers/workspaceSymbol.ts';
import { tokenLegend } from './lsp/semanticTokens.ts';
import type { Server } from './server.ts';

/** One thing that the server can do: what it tells the editor of it, and how it answers. */
interface Feature {
  capabilities: ServerCapabilities;
  register(connection: Connection, server: Server): void;
}

/** All that the server can do: the map of this part. A new feature is a handler and a line here. */
const features: readonly Feature[] = [
  {
    capabilities: { hoverProvider: true },
    register: (connection, server) => connection.onHover(cancellable((params) => onHover(server, params))),
  },
  {
    capabilities: { definitionProvider: true },
    register: (connection, server) =>
      connection.onDefinition(cancellable((params) => onDefinition(server, params))),
  },
  {
    capabilities: { declarationProvider: true },
    register: (connection, server) =>
      connection.onDeclaration(cancellable((params) => onDeclaration(server, params))),
  },
  {
    capabilities: { implementationProvider: true },
    register: (connection, server) =>
      connection.onImplementation(cancellable((params) => onImplementation(server, params))),
  },
  {
    capabilities: { typeDefinitionProvider: true },
    register: (connection, server) =>
      connection.onTypeDefinition(cancellable((params) => onTypeDefinition(server, params))),
  },
  {
    capabilities: { referencesProvider: { workDoneProgress: true } },
    register: (connection, server) =>
      connection.onReferences(cancellable((params, asker) => onReferences(server, params, asker))),
  },
  {
    capabilities: { documentHighlightProvider: true },
    register: (connection, server) =>
      connection.onDocumentHighlight(cancellable((params) => onDocumentHighlight(server, params))),
  },
  {
    capabilities: { documentSymbolProvider: { label: 'Strata' } },
    register: (connection, server) =>
      connection.onDocumentSymbol(cancellable((params) => onDocumentSymbol(server, params))),
  },
  {
    capabilities: { workspaceSymbolProvider: true },
    register: (connection, server) =>
      connection.onWorkspaceSymbol(cancellable((params) => onWorkspaceSymbol(server, params))),
  },
  {
    capabilities: { foldingRangeProvider: true },
    register: (connection, server) =>
      connection.onFoldingRanges(cancellable((params) => onFoldingRange(server, params))),
  },
  {
    capabilities: { selectionRangeProvider: true },
    register: (connection, server) =>
      connection.onSelectionRanges(cancellable((params) => onSelectionRange(server, params))),
  },
  {
    capabilities: { documentLinkProvider: {} },
    register: (connection, server) =>
      connection.onDocumentLinks(cancellable((params) => onDocumentLinks(server, params))),
  },
  {
    capabilities: { inlayHintProvider: true },
    register: (connection, server) =>
      connection.languages.inlayHint.on(cancellable((params) => onInlayHint(server, params))),
  },
  {
    capabilities: { codeLensProvider: { resolveProvider: true } },
    register(connection, server) {
      connection.onCodeLens(cancellable((params) => onCodeLens(server, params)));
      connection.onCodeLensResolve(cancellable((lens) => onCodeLensResolve(server, lens)));
    },
  },
  {
    capabilities: { semanticTokensProvider: { legend: tokenLegend, full: true, range: true } },
    register(connection, server) {
      const { semanticTokens } = connection.languages;
      semanticTokens.on(cancellable((params) => onSemanticTokens(server, params)));
      semanticTokens.onRange(cancellable((params) => onSemanticTokensRange(server, params)));
    },
  },
  {
    capabilities: {},
    register: (connection, server) =>
      connection.onRequest(
        effectiveMethods.document,
        cancellable((params: unknown, token) => onEffectiveDocument(server, params, token)),
      ),
  },
  {
    capabilities: {},
    register: (connection, server) =>
      connection.onRequest(
        compareMethods.compare,
        cancellable((params: unknown, token) => onCompare(server, params, token)),
      ),
  },
  {
    // What the views of an editor show.
    capabilities: {},
    register(connection, server) {
      const answer = (method: string, handle: (server: Server, params: unknown) => unknown) =>
        connection.onRequest(
          method,
          cancellable((params: unknown) => handle(server, params)),
        );
      answer(settingsMethods.settings, onSettings);
      answer(explanationMethods.explain, onExplain);
      answer(layersMethods.slots, onSlots);
      answer(layersMethods.map, onLayerMap);
      answer(stepsMethods.document, onStepsDocument);
      answer(boxesMethods.add, onAddBox);
      answer(boxesMethods.remove, onRemoveBox);
    },
  },
  {
    capabilities: {
      completionProvider: { resolveProvider: true, triggerCharacters: ['.', '!', '"', '/', "'", '|'] },
    },
    register(connection, server) {
      connection.onCompletion(cancellable((params) => onCompletion(server, params)));
      connection.onCompletionResolve(cancellable((item) => onCompletionResolve(server, item)));
    },
  },
  {
    // Told to those editors alone that want to ask.
    capabilities: {},
    register(connection, server) {
      connection.languages.diagnostics.on((params, token) => onDocumentDiagnostic(server, params, token));
      connection.languages.diagnostics.onWorkspace((params, token) =>
        onWorkspaceDiagnostic(server, params, token),
      );
    },
  },
  {
    capabilities: { renameProvider: { prepareProvider: true } },
    register(connection, server) {
      connection.onPrepareRename(cancellable((params) => onPrepareRename(server, params)));
      connection.onRenameRequest(cancellable((params) => onRename(server, params)));
    },
  },
  {
    capabilities: { codeActionProvider: { codeActionKinds: [...actionKinds], resolveProvider: true } },
    register(connection, server) {
      connection.onCodeAction(cancellable((params) => onCodeAction(server, params)));
      connection.onCodeActionResolve(cancellable((action) => onCodeActionResolve(server, action)));
    },
  },
];

/** What all features together tell the editor. */
export function featureCapabilities(): ServerCapabilities {
  return Object.assign({}, ...features.map((feature) => feature.capabilities));
}

/** Lets every feature answer. */
export function registerFeatures(connection: Connection, server: Server): void {
  for (const feature of features) feature.register(connection, server);
}

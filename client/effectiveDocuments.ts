import * as vscode from 'vscode';
import type { CompareSide } from '../protocol/compare.ts';
import type { ContextName } from '../protocol/contexts.ts';
import {
  effectiveAddress,
  effectiveMethods,
  effectiveScheme,
  isEffectiveDocument,
  sideOfAddress,
} from '../protocol/effective.ts';
import type { LanguageServer } from './languageServer.ts';
import type { LayerChanges } from './layerChanges.ts';

/** Shows `strata-effective:` documents, and keeps those that are open up to date while layers are edited. */
export function provideEffectiveDocuments(server: LanguageServer, layers: LayerChanges): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const refresh = () => {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === effectiveScheme) changed.fire(uri);
    }
  };
  const provider = vscode.workspace.registerTextDocumentContentProvider(effectiveScheme, {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri, token) {
      const side = sideOfAddress(uri.query);
      const answer: unknown = side && (await server.sendRequest(effectiveMethods.document, side, token));
      return isEffectiveDocument(answer) ? answer.text : '# This context is not there any more.\n';
    },
  });
  return vscode.Disposable.from(changed, provider, layers.onDidChange(refresh));
}

/** The address of a context's effective configuration, as its layers are now or as they were committed. */
export function effectiveUri(of: ContextName, ref?: CompareSide['ref']): vscode.Uri {
  return vscode.Uri.from({ scheme: effectiveScheme, ...effectiveAddress(of, ref) });
}

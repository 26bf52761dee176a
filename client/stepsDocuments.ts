import * as vscode from 'vscode';
import {
  appOfAddress,
  isStepsDocument,
  type StepsApp,
  stepsAddress,
  stepsMethods,
  stepsScheme,
} from '../protocol/stepsDocument.ts';
import type { LanguageServer } from './languageServer.ts';
import type { LayerChanges } from './layerChanges.ts';

/** Shows `strata-steps:` documents, and keeps those that are open up to date while files are edited. */
export function provideStepsDocuments(server: LanguageServer, layers: LayerChanges): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const refresh = () => {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === stepsScheme) changed.fire(uri);
    }
  };
  const provider = vscode.workspace.registerTextDocumentContentProvider(stepsScheme, {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri, token) {
      const app = appOfAddress(uri.query);
      const answer: unknown = app && (await server.sendRequest(stepsMethods.document, app, token));
      return isStepsDocument(answer) ? answer.text : '# This app is not there any more.\n';
    },
  });
  return vscode.Disposable.from(changed, provider, layers.onDidChange(refresh));
}

/** The address of the document that tells the steps of an app. */
export function stepsUri(app: StepsApp): vscode.Uri {
  return vscode.Uri.from({ scheme: stepsScheme, ...stepsAddress(app) });
}

import * as vscode from 'vscode';

const scheme = 'strata-history';

/** Tables of deployments as documents that cannot be changed. */
export interface HistoryDocuments extends vscode.Disposable {
  show(title: string, text: string): Promise<void>;
}

export function historyDocuments(): HistoryDocuments {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registered = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
  });
  const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    if (uri.scheme === scheme) texts.delete(uri.path);
  });
  return {
    async show(title, text) {
      const uri = vscode.Uri.from({ scheme, path: `/${title}` });
      texts.set(uri.path, text);
      changed.fire(uri);
      await vscode.window.showTextDocument(uri, { preview: true });
    },
    dispose: () => vscode.Disposable.from(registered, closed, changed).dispose(),
  };
}

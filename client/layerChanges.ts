import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { effectiveMethods } from '../protocol/effective.ts';

/** What the language server says of layers: some say something else now. */
export interface LayerChanges extends vscode.Disposable {
  readonly onDidChange: vscode.Event<void>;
}

/** The one who listens: the client keeps a single listener for each kind of notification, the last one. */
export function layerChanges(client: LanguageClient): LayerChanges {
  const changed = new vscode.EventEmitter<void>();
  const listening = client.onNotification(effectiveMethods.layersChanged, () => changed.fire());
  return {
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(listening, changed).dispose(),
  };
}

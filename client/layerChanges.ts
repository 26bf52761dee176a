import * as vscode from 'vscode';
import { effectiveMethods } from '../protocol/effective.ts';
import type { LanguageServer } from './languageServer.ts';

/** What the language server says of layers: some say something else now. */
export interface LayerChanges extends vscode.Disposable {
  readonly onDidChange: vscode.Event<void>;
}

/** The one who listens: the client keeps a single listener for each kind of notification, the last one. */
export function layerChanges(server: LanguageServer): LayerChanges {
  const changed = new vscode.EventEmitter<void>();
  const listening = server.onNotification(effectiveMethods.layersChanged, () => changed.fire());
  return {
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(listening, changed).dispose(),
  };
}

import type * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { ContextName } from '../../protocol/contexts.ts';
import { effectiveMethods } from '../../protocol/effective.ts';
import type { LanguageRequests } from '../languageRequests.ts';
import { type LayerMapPanel, openLayerMap } from './panel.ts';

/** The layer maps that are open: one an app. */
export interface LayerMaps extends vscode.Disposable {
  show(of: ContextName): void;
}

export function layerMaps(
  extension: vscode.Uri,
  client: LanguageClient,
  requests: LanguageRequests,
): LayerMaps {
  const panels = new Map<string, LayerMapPanel>();
  const listening = client.onNotification(effectiveMethods.layersChanged, () => {
    for (const panel of panels.values()) void panel.refresh();
  });
  return {
    show(of) {
      const known = panels.get(of.app);
      if (known !== undefined) return known.reveal();
      const panel = openLayerMap(extension, of, () => requests.layerMap(of));
      panels.set(of.app, panel);
      panel.onDidDispose(() => panels.delete(of.app));
    },
    dispose: () => listening.dispose(),
  };
}

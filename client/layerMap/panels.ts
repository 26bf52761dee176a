import type * as vscode from 'vscode';
import type { ContextName } from '../../protocol/contexts.ts';
import type { LanguageRequests } from '../languageRequests.ts';
import type { LayerChanges } from '../layerChanges.ts';
import { type LayerMapPanel, openLayerMap } from './panel.ts';

/** The layer maps that are open: one an app. */
export interface LayerMaps extends vscode.Disposable {
  show(of: ContextName): void;
}

export function layerMaps(
  extension: vscode.Uri,
  layers: LayerChanges,
  requests: LanguageRequests,
): LayerMaps {
  const panels = new Map<string, LayerMapPanel>();
  const listening = layers.onDidChange(() => {
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

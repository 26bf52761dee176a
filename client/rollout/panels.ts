import * as vscode from 'vscode';
import { fillPanel, loadStories, newPanel, type PanelParts, panelType } from './panel.ts';

/** The panels of deployments that are open: one each. */
export interface DeploymentPanels extends vscode.Disposable {
  show(id: string): void;
}

export function deploymentPanels(parts: PanelParts): DeploymentPanels {
  const panels = new Map<string, vscode.WebviewPanel>();
  const take = (panel: vscode.WebviewPanel, id: string) => {
    panels.set(id, panel);
    panel.onDidDispose(() => panels.delete(id));
    fillPanel(panel, id, parts);
  };
  // Those that were open when the window was closed come again with it.
  const serializer = vscode.window.registerWebviewPanelSerializer(panelType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const { id } = (state ?? {}) as { id?: unknown };
      if (typeof id !== 'string' || parts.deployments.watched(id) === undefined) return panel.dispose();
      take(panel, id);
    },
  });
  return {
    show(id) {
      const known = panels.get(id);
      if (known === undefined) return take(newPanel(), id);
      known.reveal();
      loadStories(id, parts);
    },
    dispose: () => serializer.dispose(),
  };
}

import * as vscode from 'vscode';
import type { ContextName } from '../../protocol/contexts.ts';
import { isLayerMapAnswer, type LayerMapMessage, type LayerMapTexts } from '../../protocol/layerMapView.ts';
import type { LayerMapResult } from '../../protocol/layers.ts';
import { showPlace } from '../places.ts';
import { pageHtml } from './page.ts';

/** A picture of which layers of an app speak of what, and which win. */
export interface LayerMapPanel {
  reveal(): void;
  /** Layers have changed. */
  refresh(): Promise<void>;
  readonly onDidDispose: vscode.Event<void>;
}

/** @param ask for the map as it is now; nothing where the app is gone. */
export function openLayerMap(
  extension: vscode.Uri,
  of: ContextName,
  ask: () => Promise<LayerMapResult | undefined>,
): LayerMapPanel {
  const title = vscode.l10n.t('Layers of {0}', of.app);
  const panel = vscode.window.createWebviewPanel('strata.layerMap', title, vscode.ViewColumn.Active, {
    enableScripts: true,
    localResourceRoots: [vscode.Uri.joinPath(extension, 'dist'), vscode.Uri.joinPath(extension, 'media')],
  });
  panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'icon.png');
  let chosen: number | null = null;
  const refresh = async () => {
    const map = await ask();
    if (map === undefined) return;
    const context = chosen !== null && chosen < map.contexts.length ? chosen : null;
    await panel.webview.postMessage({ type: 'map', map, context, texts: texts() } satisfies LayerMapMessage);
  };
  panel.webview.onDidReceiveMessage(async (answer: unknown) => {
    if (!isLayerMapAnswer(answer)) return;
    if (answer.type === 'open') return await showPlace(answer.place);
    if (answer.type === 'context') chosen = answer.context;
    await refresh();
  });
  panel.webview.html = pageHtml(panel.webview, extension, 'layerMap', title);
  return { reveal: () => panel.reveal(), refresh, onDidDispose: panel.onDidDispose };
}

function texts(): LayerMapTexts {
  return {
    title: vscode.l10n.t('Layers of {0}', '{0}'),
    all: vscode.l10n.t('All environments'),
    section: vscode.l10n.t('Setting'),
    cell: vscode.l10n.t('{0} speaks of {1}', '{0}', '{1}'),
    counts: vscode.l10n.t('{0}: {1} of {2} settings count', '{0}', '{1}', '{2}'),
    wins: vscode.l10n.t('all that it says counts'),
    partly: vscode.l10n.t('some of it is overridden'),
    overridden: vscode.l10n.t('all of it is overridden'),
  };
}

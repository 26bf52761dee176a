import * as vscode from 'vscode';
import { tellNoContexts } from '../contextChoice.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Show Only Settings of a Layer…**: those whose value a layer gives; that of the active editor is offered first. */
export async function onlyLayer({ context, requests, effectiveConfig }: Parts): Promise<void> {
  const { active } = context.current();
  const slots = active && (await requests.slots(active));
  if (!slots) return tellNoContexts();
  const current = vscode.window.activeTextEditor?.document.uri.toString();
  const layers = slots.filter(({ isThere }) => isThere).reverse();
  const items = layers
    .sort((one, other) => Number(other.uri === current) - Number(one.uri === current))
    .map(({ slot, file, uri, contexts }) => ({
      ...{ label: slot, description: file, detail: contexts.join(', '), file, uri },
    }));
  const layer = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Show Only Settings of a Layer'),
    placeHolder: vscode.l10n.t('The layer that gives the value'),
    matchOnDescription: true,
  });
  if (layer === undefined) return;
  const { uri, file } = layer;
  effectiveConfig.setFilter({ ...effectiveConfig.tree.filter(), layer: { uri, file } });
}

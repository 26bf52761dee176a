import * as vscode from 'vscode';
import type { ChainLink, ExplanationResult } from '../../../protocol/explanation.ts';
import type { Place } from '../../../protocol/place.ts';
import { showPlace } from '../../places.ts';
import type { Parts } from '../parts.ts';
import { settingOf } from '../settingAtCursor.ts';

interface Row extends vscode.QuickPickItem {
  place?: Place;
}

/** **Strata: Explain Setting**: every layer's say on a setting, in every context; moving through them shows their places. */
export async function explainSetting(parts: Parts, node?: unknown): Promise<void> {
  const found = await settingOf(parts, node);
  if (found === undefined) return;
  const back = vscode.window.activeTextEditor;
  const pick = vscode.window.createQuickPick<Row>();
  pick.title = vscode.l10n.t('{0} in {1}', found.setting.join('.'), found.app);
  pick.placeholder = vscode.l10n.t('Go to the layer that says it; lowest layer first');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = rowsOf(found);
  // An editor that opens beneath may take the focus for a moment.
  pick.ignoreFocusOut = true;
  let isAccepted = false;
  let hasMoved = false;
  pick.onDidChangeActive(async ([row]) => {
    // The first row is active without anybody having gone there.
    if (hasMoved && row?.place !== undefined) await showPlace(row.place, true);
    hasMoved = true;
  });
  pick.onDidAccept(async () => {
    const [row] = pick.selectedItems;
    if (row?.place === undefined) return;
    isAccepted = true;
    pick.hide();
    await showPlace(row.place);
  });
  pick.onDidHide(async () => {
    pick.dispose();
    if (!isAccepted && back !== undefined) {
      await vscode.window.showTextDocument(back.document, { selection: back.selection, preview: true });
    }
  });
  pick.show();
}

/** The chains of all contexts, the active one first; layers without a say are named once below each. */
function rowsOf({ contexts, active }: ExplanationResult): Row[] {
  const first = contexts[active];
  const others = contexts.filter((one) => one !== first);
  return [...(first === undefined ? [] : [first]), ...others].flatMap(({ context, value, chain }) => {
    const told = value ?? vscode.l10n.t('not set');
    const separator = { label: `${context.label}: ${told}`, kind: vscode.QuickPickItemKind.Separator };
    return [separator, ...chain.filter(({ action }) => action !== null).map(rowOf)];
  });
}

function rowOf({ slot, action, value, place, wins }: ChainLink): Row {
  return {
    label: `${wins ? '$(check)' : '$(blank)'} ${action} ${value ?? ''}`,
    description: place === null ? slot : `${place.file}:${place.line + 1}`,
    ...(place === null ? {} : { place }),
  };
}

import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';

/** **Strata: Filter Settings…**: the tree follows what is typed; Escape brings back what it showed before. */
export function filterSettings({ effectiveConfig: { tree, setFilter } }: Parts): void {
  const before = tree.filter();
  const input = vscode.window.createInputBox();
  input.title = vscode.l10n.t('Filter Settings');
  input.placeholder = vscode.l10n.t('Parts of a name or a value');
  input.value = before.text ?? '';
  let isAccepted = false;
  input.onDidChangeValue((text) => setFilter({ ...tree.filter(), text }));
  input.onDidAccept(() => {
    isAccepted = true;
    input.hide();
  });
  input.onDidHide(() => {
    if (!isAccepted) setFilter(before);
    input.dispose();
  });
  input.show();
}

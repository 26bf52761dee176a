import * as vscode from 'vscode';

/** What the walkthrough shows: a setting that many environments change. */
const file = 'configs/common.yaml';
const key = /^ +host:/m;

/** The walkthrough's step: opens a layer and shows the hover over one of its settings. */
export async function showHover(): Promise<void> {
  const [layer] = await vscode.workspace.findFiles(`**/${file}`, '**/node_modules/**', 1);
  if (layer === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Strata: open the example first.'));
    return;
  }
  const document = await vscode.workspace.openTextDocument(layer);
  const at = document.positionAt(document.getText().search(key)).translate(0, 4);
  const selection = new vscode.Range(at, at);
  await vscode.window.showTextDocument(document, { selection, viewColumn: vscode.ViewColumn.Beside });
  await vscode.commands.executeCommand('editor.action.showHover');
}

import * as vscode from 'vscode';
import { copyExample, freeFolder } from '../../example/copyExample.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Open Example**: a copy of the example workspace, in a folder that a person chooses. */
export async function openExample({ extensionUri, log }: Parts): Promise<void> {
  const [parent] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: vscode.l10n.t('Put the Example Here'),
      title: vscode.l10n.t('Where to put the example: a folder “paper-shop” is made there'),
    })) ?? [];
  if (parent === undefined) return;
  const from = vscode.Uri.joinPath(extensionUri, 'examples', 'shop').fsPath;
  try {
    const to = await freeFolder(parent.fsPath);
    const { isCommitted } = await copyExample(from, to);
    if (!isCommitted) log.warn(`${to} is no git repository: builds need one.`);
    const forceNewWindow = vscode.workspace.workspaceFolders !== undefined;
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(to), { forceNewWindow });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('Strata: the example could not be copied: {0}', why));
  }
}

import * as vscode from 'vscode';

/** Whether something that runs programs of the workspace may be done; says why where it may not. */
export function isTrusted(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void tellUntrusted();
  return false;
}

async function tellUntrusted(): Promise<void> {
  const manage = vscode.l10n.t('Manage Trust');
  const message = vscode.l10n.t(
    'Strata: this workspace is not trusted, so nothing is built, run or deployed from it.',
  );
  const chosen = await vscode.window.showErrorMessage(message, manage);
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}

import * as vscode from 'vscode';

/**
 * Whether programs of the workspace may be run, and its boxes asked: what they are stands in files that may come from anybody. Says why
 * where it may not be.
 */
export function isTrusted(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void tellUntrusted();
  return false;
}

async function tellUntrusted(): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const message = vscode.l10n.t(
    'Strata: this workspace is not trusted, so nothing is built, run or deployed from it, and no box is asked.',
  );
  const chosen = await vscode.window.showErrorMessage(message, manage);
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}

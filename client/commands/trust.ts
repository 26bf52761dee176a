import * as vscode from 'vscode';

/**
 * Whether boxes may be asked: their addresses stand in the manifest, which may come from anybody. Says why not, with a way to change it.
 */
export async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const message = vscode.l10n.t('Strata: boxes are asked only from workspaces that you trust.');
  const chosen = await vscode.window.showErrorMessage(message, manage);
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

import * as vscode from 'vscode';
import type { WorkspaceInfo } from '../../protocol/workspaces.ts';
import { isTrusted } from '../trust.ts';

/** Whether a workspace is trusted, and its manifest right; says why where it is not so. */
export function mayDeploy({ manifest, mistake }: WorkspaceInfo): boolean {
  if (!isTrusted()) return false;
  if (mistake === null) return true;
  const open = vscode.l10n.t('Open Manifest');
  const text = vscode.l10n.t('Strata: nothing is deployed by a manifest with a mistake: {0}', mistake);
  void vscode.window.showErrorMessage(text, ...(manifest === null ? [] : [open])).then(async (chosen) => {
    if (chosen === open && manifest !== null)
      await vscode.window.showTextDocument(vscode.Uri.parse(manifest));
  });
  return false;
}

import * as vscode from 'vscode';
import type { Parts } from './parts.ts';

type Command = (parts: Parts, ...args: unknown[]) => unknown;

/** A command that does nothing in a workspace that nobody trusts, however it is called. */
export function onlyTrusted(run: Command): Command {
  return (parts, ...args) => (vscode.workspace.isTrusted ? run(parts, ...args) : tellUntrusted());
}

async function tellUntrusted(): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const text = vscode.l10n.t(
    'Strata: from a workspace that you do not trust, nothing is built and no box is asked.',
  );
  const chosen = await vscode.window.showWarningMessage(text, manage);
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}

import * as vscode from 'vscode';
import { tokenFault } from './rules.ts';

/** Asks a person for the token of a box; nothing where they give none. */
export async function askToken(name: string): Promise<string | undefined> {
  const token = await vscode.window.showInputBox({
    title: vscode.l10n.t('Token of {0}', name),
    prompt: vscode.l10n.t(
      'What “strata-agent token new” printed on the box. It is kept in the editor’s store of secrets.',
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (tokenFault(text) ? vscode.l10n.t('A token has no blanks in it.') : undefined),
  });
  const trimmed = token?.trim();
  return trimmed === '' ? undefined : trimmed;
}

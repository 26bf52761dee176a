import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';

/** **Strata: Stop Local Agent**: what runs there is taken up again when it is started the next time. */
export async function stopLocalAgent({ localAgent }: Parts): Promise<void> {
  const title = vscode.l10n.t('Stopping the local agent');
  const options = { location: vscode.ProgressLocation.Notification, title };
  await vscode.window.withProgress(options, () => localAgent.stop());
}

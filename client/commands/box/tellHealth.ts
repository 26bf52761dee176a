import * as vscode from 'vscode';
import type { Fleet, FleetBox } from '../../fleet/fleet.ts';

/** Asks a box how it is, which a person can call off, and says how that went. */
export async function tellHealth(fleet: Fleet, box: FleetBox): Promise<void> {
  const title = vscode.l10n.t('Asking {0}…', box.name);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const health = await vscode.window.withProgress(options, async (_, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    return await fleet.health(box, stop.signal);
  });
  if (health.faults.length === 0) {
    const text = vscode.l10n.t('The box {0} answers: its agent is {1}.', box.name, health.version ?? '?');
    void vscode.window.showInformationMessage(text);
    return;
  }
  const setToken = vscode.l10n.t('Set Token…');
  const again = vscode.l10n.t('Try Again');
  const text = vscode.l10n.t('Box {0}: {1}', box.name, health.faults.join('; '));
  const chosen = await vscode.window.showWarningMessage(text, again, setToken);
  if (chosen === again) await tellHealth(fleet, box);
  if (chosen === setToken) await vscode.commands.executeCommand('strata.setToken', box);
}

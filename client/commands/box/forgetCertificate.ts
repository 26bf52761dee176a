import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { chosenBox, noCertificateFault } from './chosenBox.ts';

/** **Strata: Forget Certificate…**: the next contact with a box is the first one again. */
export async function forgetCertificate({ fleet }: Parts, node?: unknown): Promise<void> {
  const box = await chosenBox(fleet, node, {
    title: vscode.l10n.t('Forget Certificate'),
    placeHolder: vscode.l10n.t('The box whose certificate is to be accepted anew'),
    fault: noCertificateFault,
  });
  if (box === undefined) return;
  const fingerprint = await fleet.secrets.fingerprint(box);
  if (fingerprint === undefined) {
    const text = vscode.l10n.t('Strata: no certificate of {0} was accepted.', box.name);
    void vscode.window.showInformationMessage(text);
    return;
  }
  const forget = vscode.l10n.t('Forget Certificate');
  const question = vscode.l10n.t('Forget the certificate that was accepted for {0}?', box.name);
  const detail = vscode.l10n.t(
    'Do so when you know that the box has got another one. What it shows then is shown to you.\nSHA-256 fingerprint: {0}',
    fingerprint,
  );
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, forget);
  if (chosen === forget) await fleet.secrets.setFingerprint(box, undefined);
}

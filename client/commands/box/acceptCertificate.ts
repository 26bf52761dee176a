import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { chosenBox, noCertificateFault } from './chosenBox.ts';
import { tellHealth } from './tellHealth.ts';

/** **Strata: Accept Certificate…**: meets a box for the first time, and shows what it shows. */
export async function acceptCertificate({ fleet }: Parts, node?: unknown): Promise<void> {
  const box = await chosenBox(fleet, node, {
    title: vscode.l10n.t('Accept Certificate'),
    placeHolder: vscode.l10n.t('The box whose certificate nobody stands for'),
    fault: noCertificateFault,
  });
  if (box !== undefined) await tellHealth(fleet, box);
}

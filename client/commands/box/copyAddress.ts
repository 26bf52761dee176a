import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { chosenBox } from './chosenBox.ts';

/** **Strata: Copy Box Address** */
export async function copyBoxAddress({ fleet }: Parts, node?: unknown): Promise<void> {
  const box = await chosenBox(fleet, node, {
    title: vscode.l10n.t('Copy Box Address'),
    placeHolder: vscode.l10n.t('The box whose address is copied'),
  });
  if (box !== undefined) await vscode.env.clipboard.writeText(box.url);
}

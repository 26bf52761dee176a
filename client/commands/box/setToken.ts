import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { askToken } from './askToken.ts';
import { chosenBox, noTokenFault } from './chosenBox.ts';
import { tellHealth } from './tellHealth.ts';

/** **Strata: Set Token…**: what a box is asked with from now on. */
export async function setToken({ fleet }: Parts, node?: unknown): Promise<void> {
  const box = await chosenBox(fleet, node, {
    title: vscode.l10n.t('Set Token'),
    placeHolder: vscode.l10n.t('The box that takes the token'),
    fault: noTokenFault,
  });
  const token = box && (await askToken(box.name));
  if (box === undefined || token === undefined) return;
  await fleet.secrets.setToken(box, token);
  await tellHealth(fleet, box);
}

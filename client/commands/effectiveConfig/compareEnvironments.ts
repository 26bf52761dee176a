import * as vscode from 'vscode';
import { effectiveUri } from '../../effectiveDocuments.ts';
import { chooseContext } from '../contextChoice.ts';
import { contextOf } from '../nodes.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Compare Environments**: two effective configurations side by side. */
export async function compareEnvironments({ context }: Parts, node?: unknown): Promise<void> {
  const title = vscode.l10n.t('Compare Environments');
  const left =
    contextOf(node) ??
    (await chooseContext(context, {
      title: `${title} (1/2)`,
      placeHolder: vscode.l10n.t('The one to compare with another'),
    }));
  if (left === undefined) return;
  const right = await chooseContext(context, {
    title: contextOf(node) === undefined ? `${title} (2/2)` : title,
    placeHolder: vscode.l10n.t('Compare {0} · {1} with', left.app, left.label),
    without: (one) => one.app === left.app && one.label === left.label,
  });
  if (right === undefined) return;
  const name = `${left.app} ${left.label} ↔ ${right.app} ${right.label}`;
  await vscode.commands.executeCommand('vscode.diff', effectiveUri(left), effectiveUri(right), name);
}

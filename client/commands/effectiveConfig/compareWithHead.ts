import * as vscode from 'vscode';
import { effectiveUri } from '../../effectiveDocuments.ts';
import { tellNoContexts } from '../contextChoice.ts';
import { contextOf } from '../nodes.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Compare With Git Head**: a configuration as it was committed, and as it is with what was typed since. */
export async function compareWithHead({ context, requests }: Parts, node?: unknown): Promise<void> {
  const of = contextOf(node) ?? context.current().active;
  if (of === null) return tellNoContexts();
  try {
    // A commit that cannot be had is told as a message, and not as an empty side of a comparison.
    await requests.compare({ left: { context: of, ref: 'HEAD' }, right: { context: of } });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('Strata: {0}', why));
    return;
  }
  const name = `${of.app} ${of.label} (HEAD ↔ ${vscode.l10n.t('now')})`;
  await vscode.commands.executeCommand('vscode.diff', effectiveUri(of, 'HEAD'), effectiveUri(of), name);
}

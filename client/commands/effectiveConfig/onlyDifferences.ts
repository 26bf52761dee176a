import * as vscode from 'vscode';
import { chooseContext } from '../contextChoice.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Show Only Differences From…**: settings that are not the same in a context that is asked for. */
export async function onlyDifferences({ context, effectiveConfig }: Parts): Promise<void> {
  const differsFrom = await chooseContext(context, {
    title: vscode.l10n.t('Show Only Differences'),
    placeholder: vscode.l10n.t('Settings that are not the same as in'),
  });
  if (differsFrom === undefined) return;
  effectiveConfig.setFilter({ ...effectiveConfig.tree.filter(), differsFrom });
}

import * as vscode from 'vscode';
import { chooseContext } from '../contextChoice.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Select Context**: the app, environment and cluster that hovers and commands are about. */
export async function selectContext({ context }: Parts): Promise<void> {
  const chosen = await chooseContext(context, {
    title: vscode.l10n.t('Select Context'),
    placeholder: vscode.l10n.t('App and environment to show effective values for'),
  });
  if (chosen) await context.choose(chosen);
}

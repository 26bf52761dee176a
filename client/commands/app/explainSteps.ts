import * as vscode from 'vscode';
import { stepsUri } from '../../stepsDocuments.ts';
import type { Parts } from '../parts.ts';
import { appAtCursor, appNameOf, chooseApp } from './choose.ts';

/** **Strata: Explain Steps**: what is done for an app when it is deployed, in which order, and why: of the app whose file is open, else of one that is asked for. */
export async function explainSteps({ fleet }: Parts, asked?: unknown): Promise<void> {
  const name = appNameOf(asked);
  const none = vscode.l10n.t('Strata: there is no app here that could have steps.');
  const here = name === undefined ? await appAtCursor(fleet) : undefined;
  const chosen = here ?? (await chooseApp(fleet, vscode.l10n.t('Explain Steps'), { name, none }));
  if (chosen === undefined) return;
  const uri = stepsUri({ root: chosen.workspace.root, app: chosen.app });
  await vscode.window.showTextDocument(uri, { preview: true });
}

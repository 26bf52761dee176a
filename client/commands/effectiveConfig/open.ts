import * as vscode from 'vscode';
import { effectiveUri } from '../../effectiveDocuments.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Open Effective Config**: the whole configuration of the active context, with the source of each value. */
export async function openEffectiveConfig({ context }: Parts): Promise<void> {
  const { active } = context.current();
  if (active === null) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Strata: this workspace has no apps and environments yet.'),
    );
    return;
  }
  const document = await vscode.workspace.openTextDocument(effectiveUri(active));
  const asYaml = await vscode.languages.setTextDocumentLanguage(document, 'yaml');
  await vscode.window.showTextDocument(asYaml, { preview: true });
}

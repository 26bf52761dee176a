import * as vscode from 'vscode';
import type { ExplanationResult } from '../../protocol/explanation.ts';
import { settingNodeOf } from './nodes.ts';
import type { Parts } from './parts.ts';

/** The setting that a command is about: one in the tree, or the one at the cursor. Says so where there is none. */
export async function settingOf({ requests }: Parts, node: unknown): Promise<ExplanationResult | undefined> {
  const inTree = settingNodeOf(node);
  if (inTree !== undefined) {
    return await requests.explain({ context: inTree.context, setting: [...inTree.path] });
  }
  const editor = vscode.window.activeTextEditor;
  const found =
    editor &&
    (await requests.explain({
      textDocument: { uri: editor.document.uri.toString() },
      position: editor.selection.active,
    }));
  if (found !== undefined) return found;
  const message = vscode.l10n.t('Strata: put the cursor on a setting of a layer first.');
  void vscode.window.showInformationMessage(message);
  return undefined;
}

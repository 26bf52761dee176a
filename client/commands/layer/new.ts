import * as vscode from 'vscode';
import type { SlotPlace } from '../../../protocol/layers.ts';
import { tellNoContexts } from '../contextChoice.ts';
import { contextOf } from '../nodes.ts';
import type { Parts } from '../parts.ts';

/** **Strata: New Layer…**: offers the places of the order that have no file yet, and makes one. */
export async function newLayer({ context, requests, log }: Parts, node?: unknown): Promise<void> {
  const of = contextOf(node) ?? context.current().active;
  const slots = of && (await requests.slots(of));
  if (!of || !slots) return tellNoContexts();
  const free = slots.filter(({ isThere }) => !isThere);
  const chosen = await vscode.window.showQuickPick(free.map(choice), {
    title: vscode.l10n.t('New Layer of {0}', of.app),
    placeHolder: vscode.l10n.t('Lowest first: what stands further down overrides what stands above'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen === undefined) return;
  const uri = vscode.Uri.parse(chosen.uri);
  if (!(await make(uri))) {
    log.warn(`The layer ${uri.fsPath} could not be made.`);
    void vscode.window.showErrorMessage(vscode.l10n.t('Strata: {0} could not be made.', chosen.description));
    return;
  }
  await vscode.window.showTextDocument(uri);
}

function choice({
  slot,
  file,
  uri,
  contexts,
}: SlotPlace): vscode.QuickPickItem & { uri: string; description: string } {
  return { label: slot, description: file, detail: contexts.join(', '), uri };
}

/** One that somebody else has made meanwhile is opened as it is. */
async function make(uri: vscode.Uri): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  return await vscode.workspace.applyEdit(edit);
}

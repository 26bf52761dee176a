import * as vscode from 'vscode';
import type { LanguageServer } from '../../languageServer.ts';

/**
 * Asks the language server for an edit of a manifest, and makes it. Files that had nothing unsaved in them are saved. Throws with words
 * for a person.
 */
export async function applyEdit(server: LanguageServer, method: string, params: unknown): Promise<void> {
  const edit = await server.toEdit(await server.sendRequest(method, params));
  if (edit === undefined) throw new Error(vscode.l10n.t('there is nothing to be changed'));
  const uris = edit.entries().map(([uri]) => uri.toString());
  const unsaved = new Set(openDocuments(uris).flatMap((one) => (one.isDirty ? [one.uri.toString()] : [])));
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new Error(vscode.l10n.t('the manifest could not be changed'));
  for (const one of openDocuments(uris)) if (!unsaved.has(one.uri.toString())) await one.save();
}

function openDocuments(uris: readonly string[]): vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(({ uri }) => uris.includes(uri.toString()));
}

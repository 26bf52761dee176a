import * as vscode from 'vscode';
import { isText } from '../../../protocol/values.ts';
import type { Parts } from '../parts.ts';

/**
 * **Strata: Show Documentation**: the pages that come with the extension, as VS Code shows Markdown; links lead from one to the next.
 * @param page the name of one, such as `boxes`; the list of all by default.
 */
export async function showDocumentation({ extensionUri }: Parts, page?: unknown): Promise<void> {
  const name = isText(page) && /^[a-z]+$/.test(page) ? page : 'README';
  const file = vscode.Uri.joinPath(extensionUri, 'docs', `${name}.md`);
  await vscode.commands.executeCommand('markdown.showPreview', file);
}

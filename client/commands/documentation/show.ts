import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';

/** **Strata: Show Documentation**: the pages that come with the extension, as VS Code shows Markdown; links lead from one to the next. */
export async function showDocumentation({ extensionUri }: Parts): Promise<void> {
  const page = vscode.Uri.joinPath(extensionUri, 'docs', 'README.md');
  await vscode.commands.executeCommand('markdown.showPreview', page);
}

import * as vscode from 'vscode';
import type { ToldProblem } from './problemLines.ts';

/**
 * Whether the language server shows a problem already: it looks at all files, and what it says follows what is typed.
 * @param cwd the folder that paths in the output are shown from.
 */
export function isShownAlready(cwd: string, { file, line, code }: ToldProblem): boolean {
  const uri = vscode.Uri.joinPath(vscode.Uri.file(cwd), file);
  return vscode.languages
    .getDiagnostics(uri)
    .some((one) => one.source === 'strata' && one.range.start.line === line - 1 && codeOf(one) === code);
}

function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

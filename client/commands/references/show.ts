import * as vscode from 'vscode';
import { isShowReferences, type TextPosition } from '../../../protocol/references.ts';
import type { Parts } from '../parts.ts';

/** What a click on a code lens does: shows the places in a peek view at the key. */
export async function showReferences(_: Parts, ...args: unknown[]): Promise<void> {
  if (!isShowReferences(args)) return;
  const [uri, position, locations] = args;
  const places = locations.map(({ uri, range }) => {
    const around = new vscode.Range(toPosition(range.start), toPosition(range.end));
    return new vscode.Location(vscode.Uri.parse(uri), around);
  });
  await vscode.commands.executeCommand(
    'editor.action.showReferences',
    vscode.Uri.parse(uri),
    toPosition(position),
    places,
  );
}

function toPosition({ line, character }: TextPosition): vscode.Position {
  return new vscode.Position(line, character);
}

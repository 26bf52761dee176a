import * as vscode from 'vscode';
import type { Place } from '../protocol/place.ts';

/** Opens a place of a layer; a click again and again stays where it was made. */
export function openPlaceCommand(place: Place): vscode.Command {
  return {
    command: 'vscode.open',
    title: vscode.l10n.t('Open Layer'),
    arguments: [vscode.Uri.parse(place.uri), { selection: selectionOf(place), preview: true }],
  };
}

/** Shows a place of a layer in an editor. */
export async function showPlace(place: Place, preserveFocus = false): Promise<void> {
  const options = { selection: selectionOf(place), preview: true, preserveFocus };
  await vscode.window.showTextDocument(vscode.Uri.parse(place.uri), options);
}

function selectionOf({ line, character }: Place): vscode.Range {
  const at = new vscode.Position(line, character);
  return new vscode.Range(at, at);
}

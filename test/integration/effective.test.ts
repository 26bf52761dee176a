import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activeExtension, open, placeOf, until } from './workspace.ts';

describe('the effective configuration', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.files.revert'));

  it('opens as YAML with the source of each value, and follows what is typed', async () => {
    await activeExtension();
    const layer = await open('configs/common.yaml');
    await vscode.commands.executeCommand('strata.openEffectiveConfig');
    const shown = vscode.window.activeTextEditor?.document;
    assert.ok(shown?.uri.scheme === 'strata-effective', shown?.uri.toString());
    assert.equal(shown.languageId, 'yaml');
    assert.match(shown.getText(), /^ {4}port: 5432 # configs\/common\.yaml:\d+$/m);

    const port = placeOf(layer, 'common', 'db', 'port');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(layer.uri, layer.lineAt(port.line).range, '    port: 9999');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until(
      async () => shown.getText(),
      (text) => /^ {4}port: 9999 # configs\/common\.yaml:\d+$/m.test(text),
    );
    await vscode.window.showTextDocument(layer);
  });
});

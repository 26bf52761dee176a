import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activeExtension, definitions, hoverText, open, placeOf, until } from './workspace.ts';

describe('the effective configuration', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.files.revert'));

  it('opens as YAML with the source of each value, and follows what is typed', async () => {
    await activeExtension();
    const layer = await open('configs/common.yaml');
    await vscode.commands.executeCommand('strata.openEffectiveConfig');
    const shown = vscode.window.activeTextEditor?.document;
    assert.ok(shown?.uri.scheme === 'strata-effective', shown?.uri.toString());
    assert.equal(shown.languageId, 'strata-effective');
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

  it('leads from a value to the layer that gives it, and explains it', async () => {
    await activeExtension();
    await open('configs/common.yaml');
    await vscode.commands.executeCommand('strata.openEffectiveConfig');
    const shown = vscode.window.activeTextEditor?.document;
    assert.ok(shown?.uri.scheme === 'strata-effective', shown?.uri.toString());
    const port = placeOf(shown, 'common', 'db', 'port');
    const [target] = await until(
      () => definitions(shown.uri, port),
      (found) => found.length > 0,
    );
    assert.ok(target, 'it leads nowhere');
    assert.ok(target.uri.path.endsWith('/configs/common.yaml'), target.uri.toString());
    const layer = await vscode.workspace.openTextDocument(target.uri);
    assert.match(layer.lineAt(target.range.start.line).text, /port:/);
    assert.match(await hoverText(shown.uri, port), /common\.db\.port/);
  });
});

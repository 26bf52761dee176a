import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activeExtension, hoverText, open, placeOf, until } from './workspace.ts';

describe('hover', () => {
  let document: vscode.TextDocument;
  let host: vscode.Position;

  before(async () => {
    document = await open('configs/common.yaml');
    host = placeOf(document, 'common', 'db', 'host');
    await activeExtension();
  });

  // No test may leave an unsaved edit to the next one.
  afterEach(() => vscode.commands.executeCommand('workbench.action.files.revert'));

  it('shows the value of every environment, with the layer it comes from', async () => {
    const text = await until(
      () => hoverText(document.uri, host),
      (it) => it.includes('qa'),
    );
    for (const part of ['qa', 'production', 'common.yaml', 'common-qa.yaml', valueAt(document, host)]) {
      assert.ok(text.includes(part), `${part} is not in:\n${text}`);
    }
  });

  it('counts what is typed and not saved', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, valueRange(document, host), 'unsaved.example');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(document.isDirty);
    await until(
      () => hoverText(document.uri, host),
      (text) => text.includes('unsaved.example'),
    );
  });

  it('works in a template, whatever its language', async () => {
    const template = await open('apps/storefront/deploy/templates/nginx/storefront.conf');
    const at = template.positionAt(template.getText().indexOf('domain.main'));
    await until(
      () => hoverText(template.uri, at),
      (text) => text.includes('common.domain') && text.includes('common-qa.yaml'),
    );
  });

  it('says nothing where there is no setting', async () => {
    assert.equal(await hoverText(document.uri, new vscode.Position(0, 0)), '');
  });
});

function valueRange(document: vscode.TextDocument, key: vscode.Position): vscode.Range {
  const line = document.lineAt(key.line);
  const start = line.text.indexOf(':', key.character) + 2;
  return new vscode.Range(key.line, start, key.line, line.text.length);
}

function valueAt(document: vscode.TextDocument, key: vscode.Position): string {
  return document.getText(valueRange(document, key));
}

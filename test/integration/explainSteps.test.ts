// What is told of the steps of apps: with the cursor in an app, elsewhere, in a file that is being typed, and where there is no such app.
import { strict as assert } from 'node:assert';
import { rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { watchShown } from './shown.ts';
import { activeExtension, open, until, uriOf } from './workspace.ts';

const scheme = 'strata-steps';

/** The document of steps that is shown in front. */
function shownSteps(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  assert.ok(document?.uri.scheme === scheme, document?.uri.toString());
  return document;
}

describe('the steps of an app', () => {
  before(() => activeExtension());
  afterEach(async () => {
    for (const { isDirty, uri } of vscode.workspace.textDocuments) {
      if (!isDirty) continue;
      await vscode.window.showTextDocument(uri);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are those of the app whose file is open, with where it says so', async () => {
    await open('apps/storefront/deploy/steps.yaml');
    await vscode.commands.executeCommand('strata.explainSteps');
    const text = shownSteps().getText();
    assert.match(text, /^# Steps of storefront: /);
    assert.match(text, /^config +always$/m);
    assert.match(text, /apps\/storefront\/deploy\/steps\.yaml:\d+$/m);
    assert.match(text, /^tomcat +no file in storefront\/WEB-INF\/$/m);
  });

  it('are asked for where no app is open, and told for the one that is named', async () => {
    await open('configs/common.yaml');
    const shown = watchShown();
    try {
      const done = vscode.commands.executeCommand('strata.explainSteps');
      const pick = await shown.question(undefined);
      assert.deepEqual(pick.items.map(({ label }) => label).sort(), ['api', 'landing', 'storefront']);
      pick.items = pick.items.filter(({ label }) => label === 'landing');
      await shown.accept(undefined);
      await done;
      assert.match(shownSteps().getText(), /^# Steps of landing: /);
      await vscode.commands.executeCommand('strata.explainSteps', { app: 'api' });
      assert.match(shownSteps().getText(), /^# Steps of api: /);
      assert.deepEqual(shown.messages, []);
    } finally {
      shown.restore();
    }
  });

  it('are told with what is wrong with its file, and follow what is typed', async () => {
    const file = uriOf('apps/api/deploy/steps.yaml');
    writeFileSync(file.fsPath, 'helth: true\ndjango: [\n');
    try {
      const document = await open('apps/api/deploy/steps.yaml');
      await vscode.commands.executeCommand('strata.explainSteps');
      const steps = shownSteps();
      await until(
        async () => steps.getText(),
        (text) => /^apps\/api\/deploy\/steps\.yaml:1: .*Did you mean `health`/m.test(text),
      );
      const edit = new vscode.WorkspaceEdit();
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      edit.replace(file, all, 'django: true\n');
      assert.ok(await vscode.workspace.applyEdit(edit));
      await until(
        async () => steps.getText(),
        (text) => /^django +apps\/api\/deploy\/steps\.yaml:1$/m.test(text) && !text.includes('right in'),
      );
    } finally {
      rmSync(file.fsPath);
    }
  });

  it('are not told of an app that is not there', async () => {
    const shown = watchShown();
    try {
      await vscode.commands.executeCommand('strata.explainSteps', { app: 'nowhere' });
      assert.deepEqual(
        shown.messages.map(({ text }) => text),
        ['Strata: there is no app here that could have steps.'],
      );
      assert.equal(vscode.window.activeTextEditor, undefined);
    } finally {
      shown.restore();
    }
    for (const query of ['{"root":"file:///nowhere","app":"api"}', '{', '']) {
      const gone = vscode.Uri.from({ scheme, path: '/steps of api', query });
      const document = await vscode.workspace.openTextDocument(gone);
      assert.equal(document.getText(), '# This app is not there any more.\n');
    }
  });
});

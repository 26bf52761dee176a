import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activeExtension, onDiagnostics, open, problems } from './workspace.ts';

describe('problems', () => {
  before(async () => {
    await open('configs/common.yaml');
    await activeExtension();
  });

  for (const code of ['type-mismatch', 'missing-value', 'template-undefined']) {
    it(`show a ${code} of the app landing`, async () => {
      const { problem } = await onDiagnostics(`a ${code}`, () =>
        problems().find((it) => it.code === code && it.uri.path.includes('landing')),
      );
      assert.notEqual(problem.message, '');
      assert.ok(!problem.range.isEmpty, 'it underlines nothing');
    });
  }

  it('leave the syntax of YAML out when told to', async () => {
    const document = await open('configs/common-qa.yaml');
    const settings = vscode.workspace.getConfiguration('strata');
    const set = (value: string | undefined) =>
      settings.update('diagnostics.yamlSyntax', value, vscode.ConfigurationTarget.Global);
    const syntax = () =>
      problems().filter((it) => it.code === 'yaml-syntax' && it.uri.path === document.uri.path);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'half\n');
    await vscode.workspace.applyEdit(edit);
    await onDiagnostics('a yaml-syntax', () => syntax()[0]);
    try {
      await set('never');
      await onDiagnostics('no yaml-syntax', () => (syntax().length === 0 ? true : undefined));
      assert.ok(problems().some((it) => it.code === 'type-mismatch'));
      await set('always');
      await onDiagnostics('a yaml-syntax again', () => syntax()[0]);
    } finally {
      await set(undefined);
      const back = new vscode.WorkspaceEdit();
      back.delete(document.uri, new vscode.Range(0, 0, 1, 0));
      await vscode.workspace.applyEdit(back);
    }
  });
});

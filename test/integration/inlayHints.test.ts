import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activeExtension, open, placeOf, until } from './workspace.ts';

describe('inlay hints', () => {
  const section = () => vscode.workspace.getConfiguration('strata');

  afterEach(() => section().update('inlayHints.enabled', undefined, vscode.ConfigurationTarget.Workspace));

  it('show what the active context gets instead, and can be switched off', async () => {
    await activeExtension();
    const document = await open('configs/common.yaml');
    const { line } = placeOf(document, 'common', 'db', 'host');
    const hints = async () => {
      const whole = new vscode.Range(0, 0, document.lineCount, 0);
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        whole,
      );
      return found.filter((hint) => hint.position.line === line).map((hint) => hint.label);
    };
    const [shown] = await until(hints, (found) => found.length === 1);
    assert.match(String(shown), /^→ ".+" \(common-[a-z-]+\.yaml\)$/);
    await section().update('inlayHints.enabled', false, vscode.ConfigurationTarget.Workspace);
    await until(hints, (found) => found.length === 0);
  });
});

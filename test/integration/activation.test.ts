import { strict as assert } from 'node:assert';
import { sep } from 'node:path';
import * as vscode from 'vscode';
import { activeExtension, EXTENSION_ID } from './workspace.ts';

describe('the extension', () => {
  it('is the copy under test', () => {
    const path = vscode.extensions.getExtension(EXTENSION_ID)?.extensionPath;
    const expected = process.env.STRATA_EXTENSION_UNDER_TEST ?? '';
    assert.ok(
      path && (path === expected || path.startsWith(expected + sep)),
      `${path} is not in ${expected}`,
    );
  });

  it('activates', async () => {
    const extension = await activeExtension();
    assert.ok(extension.isActive);
    const { server } = extension.exports as { server: { isRunning(): boolean } };
    assert.ok(server.isRunning(), 'the language server does not run');
  });

  it('has its commands', async () => {
    await activeExtension();
    const commands = await vscode.commands.getCommands(true);
    for (const command of ['strata.selectContext', 'strata.showLog', 'strata.restartServer']) {
      assert.ok(commands.includes(command), `${command} is not there`);
    }
  });
});

import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activeExtension, childProcesses, hoverText, open, placeOf, until } from './workspace.ts';

/** The part of the extension's API that these tests use. */
interface Api {
  server: { sendRequest(method: string, params: unknown): Promise<{ targetUri: string }[]> };
  context: {
    current(): { contexts: ContextName[]; active: ContextName | null };
    choose(name: ContextName): Promise<void>;
  };
}

interface ContextName {
  app: string;
  environment: string;
  cluster: string | null;
  mode: string;
  label: string;
}

describe('the language server', () => {
  let document: vscode.TextDocument;
  let host: vscode.Position;
  const answers = () =>
    until(
      () => hoverText(document.uri, host),
      (text) => text.includes('common-qa.yaml'),
    );

  before(async () => {
    document = await open('configs/common.yaml');
    host = placeOf(document, 'common', 'db', 'host');
    await activeExtension();
    await answers();
  });

  it('is started again when it is killed', async () => {
    const [before] = childProcesses('dist/server.js');
    assert.ok(before, 'no server process');
    process.kill(before, 'SIGKILL');
    await until(
      async () => childProcesses('dist/server.js'),
      (now) => now.length === 1 && now[0] !== before,
    );
    await answers();
  });

  it('is started again on command', async () => {
    const [before] = childProcesses('dist/server.js');
    await vscode.commands.executeCommand('strata.restartServer');
    const [after] = childProcesses('dist/server.js');
    assert.ok(after !== undefined && after !== before, `${before} -> ${after}`);
    await answers();
  });

  it('takes the chosen context into account, and keeps it over a restart', async () => {
    const { server, context } = (await activeExtension()).exports as Api;
    const eu = context.current().contexts.find((one) => one.label === 'production/eu');
    assert.ok(eu);
    await context.choose(eu);
    // Asked of the server, since VS Code's own command sorts what it gives by file.
    const params = { textDocument: { uri: document.uri.toString() }, position: host };
    const winner = async () =>
      (await server.sendRequest('textDocument/definition', params))[0]?.targetUri ?? '';
    await until(winner, (path) => path.endsWith('/common-production-eu.yaml'));
    await vscode.commands.executeCommand('strata.restartServer');
    await until(winner, (path) => path.endsWith('/common-production-eu.yaml'));
    assert.equal(context.current().active?.label, 'production/eu');
  });
});

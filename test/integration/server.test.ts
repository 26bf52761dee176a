import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import { activeExtension, hoverText, open, placeOf, until } from './workspace.ts';

/** The part of the extension's API that these tests use. */
interface Api {
  client: { sendRequest(method: string, params: unknown): Promise<{ targetUri: string }[]> };
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
    const [before] = serverProcesses();
    assert.ok(before, 'no server process');
    process.kill(before, 'SIGKILL');
    await until(
      async () => serverProcesses(),
      (now) => now.length === 1 && now[0] !== before,
    );
    await answers();
  });

  it('is started again on command', async () => {
    const [before] = serverProcesses();
    await vscode.commands.executeCommand('strata.restartServer');
    const [after] = serverProcesses();
    assert.ok(after !== undefined && after !== before, `${before} -> ${after}`);
    await answers();
  });

  it('takes the chosen context into account, and keeps it over a restart', async () => {
    const { client, context } = (await activeExtension()).exports as Api;
    const eu = context.current().contexts.find((one) => one.label === 'production/eu');
    assert.ok(eu);
    await context.choose(eu);
    // Asked of the server, since VS Code's own command sorts what it gives by file.
    const params = { textDocument: { uri: document.uri.toString() }, position: host };
    const winner = async () =>
      (await client.sendRequest('textDocument/definition', params))[0]?.targetUri ?? '';
    await until(winner, (path) => path.endsWith('/common-production-eu.yaml'));
    await vscode.commands.executeCommand('strata.restartServer');
    await until(winner, (path) => path.endsWith('/common-production-eu.yaml'));
    assert.equal(context.current().active?.label, 'production/eu');
  });
});

/** The language servers that this extension host started, found by their command lines. */
function serverProcesses(): number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return list.split('\n').flatMap((line) => {
    const [pid, parent, state = '', ...args] = line.trim().split(/\s+/);
    const mine = Number(parent) === process.pid && args.join(' ').includes('dist/server.js');
    return mine && !state.startsWith('Z') ? [Number(pid)] : [];
  });
}

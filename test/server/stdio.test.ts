import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createProtocolConnection,
  ExitNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

const dist = path.resolve(import.meta.dirname, '../../dist');

describe('as a process', () => {
  it.each([
    ['dist/server.js --stdio', [path.join(dist, 'server.js'), '--stdio']],
    ['strata lsp --stdio', [path.join(dist, 'cli.js'), 'lsp', '--stdio']],
    ['strata lsp', [path.join(dist, 'cli.js'), 'lsp']],
  ])('%s speaks LSP and ends when told to', async (_, args) => {
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.listen();
    const { capabilities, serverInfo } = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities: {},
    });
    expect(serverInfo?.name).toBe('strata');
    expect(capabilities).toMatchObject({
      hoverProvider: true,
      definitionProvider: true,
      textDocumentSync: { openClose: true, change: 2 },
    });
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    expect(await ended).toBe(0);
  });
});

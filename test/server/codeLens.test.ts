import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CodeLens,
  CodeLensRefreshRequest,
  CodeLensRequest,
  CodeLensResolveRequest,
  ConfigurationRequest,
  DidChangeConfigurationNotification,
  SemanticTokensRangeRequest,
  SemanticTokensRefreshRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver/node';
import { type ContextName, methods } from '../../protocol/contexts.ts';
import { isShowReferences, showReferencesCommand } from '../../protocol/references.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const text = 'db:\n  host: one\n  port: 1\n';
let folder: string;
let client: TestClient;

function document(file: string) {
  return { textDocument: { uri: uriOfFile(path.join(folder, file)) } };
}

/** The lenses of a file with their words. */
async function lensesOf(file: string): Promise<CodeLens[]> {
  const lenses = await client.connection.sendRequest(CodeLensRequest.type, document(file));
  const resolved = (lenses ?? []).map((one) =>
    client.connection.sendRequest(CodeLensResolveRequest.type, one),
  );
  return Promise.all(resolved);
}

beforeEach(() => {
  folder = writeFiles(`//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa, production]
//- /configs/common.yaml
${text}//- /configs/common-production.yaml
db: {host: two}
`);
});
afterEach(() => client.stop());

describe('code lenses over the protocol', () => {
  it('come without words, which are told when asked for, with the places behind them', async () => {
    client = await startClient([folder]);
    await client.open(path.join(folder, 'configs/common.yaml'), text);
    const params = document('configs/common.yaml');
    const lenses = await client.connection.sendRequest(CodeLensRequest.type, params);
    expect(lenses?.every((one) => one.command === undefined)).toBe(true);
    const resolved = await lensesOf('configs/common.yaml');
    expect(resolved.map(({ range, command }) => [range.start.line, command?.title])).toEqual([
      [0, '1 reference'],
      [1, 'overridden in production'],
    ]);
    const { command, arguments: args = [] } = resolved[1]?.command ?? {};
    expect(command).toBe(showReferencesCommand);
    expect(isShowReferences(args)).toBe(true);
    expect(args).toEqual([
      params.textDocument.uri,
      { line: 1, character: 2 },
      [
        {
          uri: document('configs/common-production.yaml').textDocument.uri,
          range: { start: { line: 0, character: 5 }, end: { line: 0, character: 9 } },
        },
      ],
    ]);
  });

  it('go away by the setting, and the editor is told to ask anew', async () => {
    client = await startClient([folder], {
      capabilities: {
        workspace: {
          configuration: true,
          didChangeConfiguration: { dynamicRegistration: true },
          codeLens: { refreshSupport: true },
        },
      },
    });
    let enabled = true;
    let wake = () => {};
    client.connection.onRequest(ConfigurationRequest.type, () => [{ codeLens: { enabled } }]);
    client.connection.onRequest(CodeLensRefreshRequest.type, () => wake());
    await client.open(path.join(folder, 'configs/common.yaml'), text);
    expect(await lensesOf('configs/common.yaml')).toHaveLength(2);
    const refreshed = new Promise<void>((resolve) => {
      wake = resolve;
    });
    enabled = false;
    await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    await refreshed;
    expect(await lensesOf('configs/common.yaml')).toEqual([]);
  });

  it('are answered for whatever comes back, and are none outside of layers', async () => {
    client = await startClient([folder]);
    expect(await lensesOf('strata.yaml')).toEqual([]);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
    const resolve = (data: unknown) =>
      client.connection.sendRequest(CodeLensResolveRequest.type, { range, data });
    expect(await resolve({ uri: 1 })).toEqual({ range, data: { uri: 1 } });
    const { uri } = document('configs/common.yaml').textDocument;
    const gone = await resolve({ uri, kind: 'overridden', path: ['db', 'gone'] });
    expect(gone.command).toEqual({ title: '', command: '' });
  });
});

describe('semantic tokens over the protocol', () => {
  const production: ContextName = {
    app: 'shop',
    environment: 'production',
    cluster: null,
    mode: 'deploy',
    label: 'production',
  };

  it('follow the chosen context, for the whole file and for a part', async () => {
    client = await startClient([folder], {
      capabilities: { workspace: { semanticTokens: { refreshSupport: true } } },
    });
    const refreshed = new Promise<void>((resolve) => {
      client.connection.onRequest(SemanticTokensRefreshRequest.type, () => resolve());
    });
    const params = document('configs/common.yaml');
    await client.open(path.join(folder, 'configs/common.yaml'), text);
    const whole = async () => (await client.connection.sendRequest(SemanticTokensRequest.type, params))?.data;
    expect(await whole()).toEqual([]);
    await client.connection.sendRequest(methods.setContext, production);
    await refreshed;
    // The key `host` is a property, `one` behind it a string, both overridden.
    expect(await whole()).toEqual([1, 2, 4, 0, 1, 0, 6, 3, 1, 1]);
    const range = { start: { line: 1, character: 7 }, end: { line: 3, character: 0 } };
    const part = await client.connection.sendRequest(SemanticTokensRangeRequest.type, { ...params, range });
    expect(part?.data).toEqual([1, 8, 3, 1, 1]);
  });

  it('are none outside of layers', async () => {
    client = await startClient([folder]);
    for (const file of ['strata.yaml', 'README.yaml']) {
      const found = await client.connection.sendRequest(SemanticTokensRequest.type, document(file));
      expect(found?.data).toEqual([]);
    }
  });
});

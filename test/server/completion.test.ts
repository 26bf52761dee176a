import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type CompletionItem, CompletionRequest, CompletionResolveRequest } from 'vscode-languageserver/node';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

let client: TestClient;
afterEach(() => client.stop());

it('offers keys while one is being typed, and tells of them when asked', async () => {
  const folder = writeFiles(`//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa, production]
//- /configs/common.yaml
db:
  # Where it is.
  host: one
  pool: {size: 1}
//- /configs/common-production.yaml
db: {host: two}
`);
  client = await startClient([folder]);
  const file = path.join(folder, 'configs/common-qa.yaml');
  await client.open(file, 'db:\n');
  await client.change(file, 'db:\n  ho\n');
  const textDocument = { uri: uriOfFile(file) };
  const position = { line: 1, character: 4 };
  const items = (await client.connection.sendRequest(CompletionRequest.type, {
    textDocument,
    position,
  })) as CompletionItem[];
  expect(items.map((one) => [one.label, one.detail, one.textEdit, one.documentation])).toEqual([
    [
      'host',
      'string',
      { range: { start: { line: 1, character: 2 }, end: position }, newText: 'host: ' },
      undefined,
    ],
    [
      'pool',
      'mapping',
      { range: { start: { line: 1, character: 2 }, end: position }, newText: 'pool:\n    ' },
      undefined,
    ],
  ]);
  const resolved = await client.connection.sendRequest(CompletionResolveRequest.type, items[0]!);
  expect(resolved.documentation).toEqual({
    kind: 'markdown',
    value: 'Where it is.\n\n- qa: `"one"` (common.yaml)\n- production: `"two"` (common-production.yaml)',
  });
  const foreign = { label: 'x', data: { uri: 3 } };
  expect(await client.connection.sendRequest(CompletionResolveRequest.type, foreign)).toEqual(foreign);
  expect(fs.existsSync(file)).toBe(false);
});

import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  LSPErrorCodes,
  PrepareRenameRequest,
  RenameRequest,
  type ResponseError,
} from 'vscode-languageserver/node';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const text = 'db:\n  host: one\n';
let folder: string;
let client: TestClient;

function at(file: string): string {
  return path.join(folder, file);
}

function ask(newName: string, line = 1) {
  const textDocument = { uri: uriOfFile(at('configs/common.yaml')) };
  return { textDocument, position: { line, character: 4 }, newName };
}

const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 6 } };
const other = { start: { line: 0, character: 5 }, end: { line: 0, character: 9 } };

beforeEach(() => {
  folder = writeFiles(`//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa, production]
//- /configs/common.yaml
${text}//- /configs/common-production.yaml
db: {host: two, port: 1}
`);
});
afterEach(() => client.stop());

it('renames a setting in all layers, for the versions that are open', async () => {
  client = await startClient([folder], {
    capabilities: { workspace: { workspaceEdit: { documentChanges: true } } },
  });
  await client.open(at('configs/common.yaml'), '');
  await client.change(at('configs/common.yaml'), text);
  const { newName, ...place } = ask('server');
  expect(await client.connection.sendRequest(PrepareRenameRequest.type, place)).toEqual({
    range,
    placeholder: 'host',
  });
  expect(await client.connection.sendRequest(RenameRequest.type, { ...place, newName })).toEqual({
    documentChanges: [
      {
        textDocument: { uri: uriOfFile(at('configs/common.yaml')), version: 1 },
        edits: [{ range, newText: 'server' }],
      },
      {
        textDocument: { uri: uriOfFile(at('configs/common-production.yaml')), version: null },
        edits: [{ range: other, newText: 'server' }],
      },
    ],
  });
});

it('gives plain changes to editors that know no versions', async () => {
  client = await startClient([folder]);
  await client.open(at('configs/common.yaml'), text);
  expect(await client.connection.sendRequest(RenameRequest.type, ask('server'))).toEqual({
    changes: {
      [uriOfFile(at('configs/common.yaml'))]: [{ range, newText: 'server' }],
      [uriOfFile(at('configs/common-production.yaml'))]: [{ range: other, newText: 'server' }],
    },
  });
});

it('refuses with the place that stands in the way', async () => {
  client = await startClient([folder]);
  await client.open(at('configs/common.yaml'), text);
  const refused = (newName: string, line?: number) =>
    client.connection.sendRequest(RenameRequest.type, ask(newName, line)).then(
      () => 'renamed',
      ({ code, message }: ResponseError) => [code, message],
    );
  expect(await refused('port')).toEqual([
    LSPErrorCodes.RequestFailed,
    'Cannot rename: `db.port` is already there (configs/common-production.yaml:1)',
  ]);
  expect(await refused('x', 2)).toEqual([
    LSPErrorCodes.RequestFailed,
    'Cannot rename: no key of a setting stands here',
  ]);
  const { newName: _, ...place } = ask('', 2);
  expect(await client.connection.sendRequest(PrepareRenameRequest.type, place)).toBe(null);
});

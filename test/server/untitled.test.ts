import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CompletionRequest,
  DefinitionRequest,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  type LocationLink,
  type MarkupContent,
  PrepareRenameRequest,
  PublishDiagnosticsNotification,
  ReferencesRequest,
  RenameRequest,
  SelectionRangeRequest,
} from 'vscode-languageserver/node';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const common = 'db:\n  host: one\n';
const files = `
//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa]
//- /shop/deploy/configuration/shop-default.yaml
shop: {}
//- /configs/common.yaml
${common}`;

let folder: string;
let client: TestClient;
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = writeFiles(files);
  client = await startClient([folder]);
  await client.open(at('configs/common.yaml'), common);
});
afterEach(() => client.stop());

async function open(uri: string, text: string, languageId = 'yaml') {
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId, version: 0, text },
  });
  return { textDocument: { uri } };
}

function ask(uri: string) {
  const document = { textDocument: { uri } };
  const place = { ...document, position: { line: 1, character: 3 } };
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const { connection } = client;
  return {
    withContext: () =>
      Promise.all([
        connection.sendRequest(HoverRequest.type, place),
        connection.sendRequest(DefinitionRequest.type, place),
        connection.sendRequest(ReferencesRequest.type, { ...place, context: { includeDeclaration: true } }),
        connection.sendRequest(CompletionRequest.type, place),
        connection.sendRequest(PrepareRenameRequest.type, place),
        connection.sendRequest(RenameRequest.type, { ...place, newName: 'x' }),
        connection.sendRequest(InlayHintRequest.type, { ...document, range }),
        connection.sendRequest(DocumentLinkRequest.type, document),
      ]),
    alone: () =>
      Promise.all([
        connection.sendRequest(DocumentSymbolRequest.type, document),
        connection.sendRequest(FoldingRangeRequest.type, document),
        connection.sendRequest(SelectionRangeRequest.type, { ...document, positions: [place.position] }),
      ]),
  };
}

const nothing = (count: number) => Array(count).fill(null);

describe('a buffer without a name', () => {
  it('has an outline, folds and selections, and nothing of any context', async () => {
    const { textDocument } = await open('untitled:Untitled-1', 'db:\n  host: 😀\n  port: 1\n');
    const { withContext, alone } = ask(textDocument.uri);
    expect(await withContext()).toEqual(nothing(8));
    const [symbols, folds, selections] = await alone();
    expect(symbols?.map(({ name }) => name)).toEqual(['db', 'db.host', 'db.port']);
    expect(folds).toEqual([{ startLine: 0, endLine: 2 }]);
    expect(selections?.[0]?.range).toEqual({
      start: { line: 1, character: 2 },
      end: { line: 1, character: 6 },
    });
  });

  it('may hold anything', async () => {
    for (const [index, text] of ['', '\t', ': :\n- {', '- a\n-', '&a *a', '--- 1\n--- 2'].entries()) {
      const { textDocument } = await open(`untitled:Untitled-${index}`, text);
      expect(await ask(textDocument.uri).withContext()).toEqual(nothing(8));
      for (const answer of await ask(textDocument.uri).alone()) expect(answer).toBeInstanceOf(Array);
    }
  });
});

it.each([
  ['untitled:Untitled-2', 'json'],
  ['git:/w/configs/common.yaml?ref', 'yaml'],
  ['vscode-vfs://github/w/configs/common.yaml', 'yaml'],
  ['strata-effective:/shop/qa.yaml', 'yaml'],
  ['inmemory://model/1', 'yaml'],
])('%s in %s is passed over', async (uri, language) => {
  await open(uri, common, language);
  expect(await ask(uri).withContext()).toEqual(nothing(8));
  expect(await ask(uri).alone()).toEqual(nothing(3));
});

describe('a buffer that is to become a layer', () => {
  const draft = 'db:\n  host: 2\n';
  const untitled = () => uriOfFile(at('configs/common-qa.yaml')).replace(/^file:\/\//, 'untitled:');
  const hoverAt = async (uri: string) => {
    const place = { textDocument: { uri }, position: { line: 1, character: 3 } };
    const found = await client.connection.sendRequest(HoverRequest.type, place);
    return (found?.contents as MarkupContent | undefined)?.value ?? '';
  };

  it('is that layer, for itself and for others', async () => {
    await open(untitled(), draft.replace('2', 'draft'));
    expect(await hoverAt(untitled())).toContain('| qa | `"draft"` |');
    expect(await hoverAt(uriOfFile(at('configs/common.yaml')))).toContain('| qa | `"draft"` |');
    const place = {
      textDocument: { uri: uriOfFile(at('configs/common.yaml')) },
      position: { line: 1, character: 3 },
    };
    const links = await client.connection.sendRequest(DefinitionRequest.type, place);
    expect((links as LocationLink[]).map((one) => one.targetUri)).toEqual([
      untitled(),
      uriOfFile(at('configs/common.yaml')),
    ]);
    const edit = await client.connection.sendRequest(RenameRequest.type, { ...place, newName: 'server' });
    expect(Object.keys(edit?.changes ?? {}).sort()).toEqual(
      [uriOfFile(at('configs/common.yaml')), untitled()].sort(),
    );
    const textDocument = { uri: untitled() };
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument });
    expect(await hoverAt(uriOfFile(at('configs/common.yaml')))).toContain('| qa | `"one"` |');
  });

  it('has its problems where it is open', async () => {
    const told = new Promise<string>((resolve) =>
      client.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
        if (diagnostics.some(({ code }) => code === 'type-mismatch')) resolve(uri);
      }),
    );
    await open(untitled(), draft);
    expect(await told).toBe(untitled());
  });
});

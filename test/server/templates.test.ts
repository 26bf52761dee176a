import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CompletionItem,
  CompletionRequest,
  CompletionResolveRequest,
  DefinitionRequest,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  HoverRequest,
  type LocationLink,
  type MarkupContent,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver/node';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';

const text = 'host {{ cconf.db.host }}\nport {{ aconf.prot }}\n';
const name = 'shop/deploy/templates/nginx/shop.conf';
let folder: string;
let client: TestClient;

beforeEach(() => {
  folder = writeFiles(`//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa, production]
//- /configs/common.yaml
common:
  # Where it is.
  db: {host: one}
//- /configs/shop.yaml
shop: {port: 1}
//- /${name}
${text}`);
});
afterEach(() => client.stop());

function at(file: string): string {
  return path.join(folder, file);
}

const place = (line: number, character: number) => ({
  textDocument: { uri: uriOfFile(at(name)) },
  position: { line, character },
});

const codes = () => client.diagnostics(at(name)).map(({ code, range }) => [code, range.start.line]);

async function changedOnDisk(file: string, content: string, type: FileChangeType): Promise<void> {
  writeFile(folder, file, content);
  const changes = [{ uri: uriOfFile(at(file)), type }];
  await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
}

describe('a template in the editor', () => {
  it('is answered like a layer', async () => {
    client = await startClient([folder], {
      capabilities: { textDocument: { definition: { linkSupport: true } } },
    });
    await client.open(at(name), text);
    const ask = client.connection;
    const hover = await ask.sendRequest(HoverRequest.type, place(0, 18));
    expect((hover?.contents as MarkupContent | undefined)?.value).toContain('**common.db.host** · shop');
    const [link] = (await ask.sendRequest(DefinitionRequest.type, place(0, 18))) as LocationLink[];
    expect(link).toMatchObject({
      targetUri: uriOfFile(at('configs/common.yaml')),
      originSelectionRange: { start: { line: 0, character: 17 }, end: { line: 0, character: 21 } },
    });
    const context = { includeDeclaration: false };
    const found = await ask.sendRequest(ReferencesRequest.type, { ...place(0, 18), context });
    expect(found?.map((one) => one.uri)).toEqual([uriOfFile(at(name))]);
    expect(await ask.sendRequest(PrepareRenameRequest.type, place(0, 18))).toMatchObject({
      placeholder: 'host',
    });
    const edit = await ask.sendRequest(RenameRequest.type, { ...place(0, 18), newName: 'server' });
    expect(Object.keys(edit?.changes ?? {}).sort()).toEqual(
      [at('configs/common.yaml'), at(name)].map(uriOfFile).sort(),
    );
  });

  it('is completed as it is typed', async () => {
    client = await startClient([folder]);
    await client.open(at(name), text);
    await client.change(at(name), '{{ cconf.db. }}');
    const items = (await client.connection.sendRequest(
      CompletionRequest.type,
      place(0, 12),
    )) as CompletionItem[];
    expect(items.map((one) => [one.label, one.detail])).toEqual([['host', 'string']]);
    const resolved = await client.connection.sendRequest(CompletionResolveRequest.type, items[0]!);
    expect((resolved.documentation as MarkupContent).value).toMatch(/^Where it is\./);
  });
});

describe('problems of templates', () => {
  it('follow what is typed in templates and layers', async () => {
    client = await startClient([folder]);
    await client.until(() => codes().length === 1);
    expect(codes()).toEqual([['template-undefined', 1]]);
    expect(client.diagnostics(at(name))[0]?.message).toBe(
      'shop.prot: the template uses this setting, and no layer gives it. Did you mean `port`? [every context]',
    );
    await client.open(at(name), text);
    await client.change(at(name), text.replace('prot', 'port'));
    await client.until(() => codes().length === 0);
    await client.open(at('configs/common.yaml'), '');
    await client.change(at('configs/common.yaml'), 'common: {db: {}}\n');
    await client.until(() => codes().length === 1);
    expect(codes()).toEqual([['template-undefined', 0]]);
  });

  it('follow what changes, comes and goes on the disk', async () => {
    client = await startClient([folder]);
    await client.until(() => codes().length === 1);
    await changedOnDisk(name, text.replace('prot', 'port'), FileChangeType.Changed);
    await client.until(() => codes().length === 0);
    const other = at('shop/deploy/templates/motd');
    await changedOnDisk('shop/deploy/templates/motd', '{{ conf.nothing }}', FileChangeType.Created);
    await client.until(() => client.diagnostics(other).length === 1);
    fs.rmSync(other);
    const changes = [{ uri: uriOfFile(other), type: FileChangeType.Deleted as FileChangeType }];
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
    await client.until(() => client.diagnostics(other).length === 0);
  });

  it('are followed by the server itself where the editor watches nothing', async () => {
    client = await startClient([folder], { capabilities: {} });
    await client.until(() => codes().length === 1);
    writeFile(folder, name, text.replace('prot', 'port'));
    await client.until(() => codes().length === 0);
    writeFile(folder, 'shop/deploy/templates/new/motd', '{{ conf.nothing }}');
    await client.until(() => client.diagnostics(at('shop/deploy/templates/new/motd')).length === 1);
  });

  it('has colours in types that every theme knows', async () => {
    client = await startClient([folder]);
    const { tokenTypes } = client.capabilities.semanticTokensProvider?.legend ?? { tokenTypes: [] };
    const params = { textDocument: { uri: uriOfFile(at(name)) } };
    const { data = [] } = (await client.connection.sendRequest(SemanticTokensRequest.type, params)) ?? {};
    const firstLine = data.slice(0, 5 * 5);
    const types = firstLine.filter((_, index) => index % 5 === 3).map((type) => tokenTypes[type]);
    expect(types).toEqual(['operator', 'variable', 'property', 'property', 'operator']);
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CodeAction,
  CodeActionRequest,
  type CompletionItem,
  CompletionRequest,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DocumentDiagnosticRequest,
  type DocumentLink,
  DocumentLinkRequest,
  FileChangeType,
  FoldingRangeRequest,
  HoverRequest,
  type MarkupContent,
} from 'vscode-languageserver/node';
import { isStepsDocument, stepsMethods } from '../../protocol/stepsDocument.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';

const name = 'shop/deploy/steps.yaml';
let folder: string;
let client: TestClient;

beforeEach(() => {
  folder = writeFiles(`//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa]
//- /configs/common.yaml
common: {}
//- /shop/requirements.txt
django
//- /shop/deploy/README
The hooks.
`);
});
afterEach(() => client.stop());

const file = () => path.join(folder, name);
const messages = () => client.diagnostics(file()).map(({ message }) => message);
const document = () => ({ textDocument: { uri: uriOfFile(file()) } });
const place = (line: number, character: number) => ({ ...document(), position: { line, character } });

const tell = (type: FileChangeType) =>
  client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: uriOfFile(file()), type }],
  });

const unknown = 'helth: the key `helth` is not known here. Did you mean `health`?';

describe('the steps of an app in the editor', () => {
  it('are checked as the file comes, changes and goes on the disk', async () => {
    client = await startClient([folder], {
      capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
    });
    writeFile(folder, name, 'helth: true\n');
    await tell(FileChangeType.Created);
    await client.until(() => messages().length === 1);
    expect(client.diagnostics(file())).toMatchObject([
      { code: 'steps', severity: 1, message: unknown, range: { start: { line: 0 }, end: { character: 5 } } },
    ]);
    writeFile(folder, name, 'health: true\n');
    await tell(FileChangeType.Changed);
    await client.until(() => messages().length === 0);
    writeFile(folder, name, '\nhelth: true\n');
    await tell(FileChangeType.Changed);
    await client.until(() => messages().length === 1);
    fs.rmSync(file());
    await tell(FileChangeType.Deleted);
    await client.until(() => messages().length === 0);
  });

  it('are watched where the editor does not watch', async () => {
    client = await startClient([folder]);
    writeFile(folder, name, 'helth: true\n');
    await client.until(() => messages().length === 1);
    fs.rmSync(file());
    await client.until(() => messages().length === 0);
  });

  it('are checked as they are typed, also before they are on the disk', async () => {
    client = await startClient([folder]);
    await client.open(file(), 'helth: true\n');
    await client.until(() => messages().length === 1);
    await client.change(file(), 'health: {}\n');
    await client.until(() => messages().length === 0);
    await client.change(file(), 'health: {interval: soon}\n');
    await client.until(() => messages().length === 1);
    expect(messages()).toEqual(['health.interval: `soon` is no time: write 500ms, 10s, 5m or 2h']);
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, document());
    await client.until(() => messages().length === 0);
  });

  it('are answered with hovers, completion, links, folds and fixes', async () => {
    const codeAction = { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } };
    client = await startClient([folder], { capabilities: { textDocument: { codeAction } } });
    await client.open(file(), 'helth:\n  tcp: localhost:1\nvirtualenv: true\n');
    await client.until(() => messages().length === 1);
    const ask = client.connection;
    const hover = await ask.sendRequest(HoverRequest.type, place(2, 3));
    expect((hover?.contents as MarkupContent | undefined)?.value).toContain(
      'Done in this app: requirements.txt.',
    );
    const [link] = (await ask.sendRequest(DocumentLinkRequest.type, document())) as DocumentLink[];
    expect(link?.target).toContain('/shop/requirements.txt');
    expect(await ask.sendRequest(FoldingRangeRequest.type, document())).toHaveLength(1);
    const [fix] = (await ask.sendRequest(CodeActionRequest.type, {
      ...document(),
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      context: { diagnostics: client.diagnostics(file()), only: ['quickfix'] },
    })) as CodeAction[];
    expect(fix).toMatchObject({ title: 'Change to `health`', isPreferred: true });
    await client.change(file(), 'health:\n  tcp: localhost:1\n  \n');
    const items = (await ask.sendRequest(CompletionRequest.type, place(2, 2))) as CompletionItem[];
    expect(items.map(({ label }) => label)).toContain('minHealthy');
  });

  it('are told of to an editor that asks', async () => {
    writeFile(folder, name, 'helth: true\n');
    client = await startClient([folder], { initializationOptions: { diagnostics: 'pull' } });
    const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, document());
    expect(report).toMatchObject({ items: [{ code: 'steps', message: unknown }] });
  });

  it('are told as a text, as they are typed; of an app that is not there, nothing is', async () => {
    client = await startClient([folder]);
    const root = uriOfFile(folder);
    const ask = (params: unknown) => client.connection.sendRequest(stepsMethods.document, params);
    const text = async () => {
      const answer = await ask({ root, app: 'shop' });
      return isStepsDocument(answer) ? answer.text : '';
    };
    expect(await text()).toMatch(/^virtualenv +requirements\.txt$/m);
    await client.open(file(), 'virtualenv: false\nhelth: true\n');
    expect(await text()).toMatch(
      /^virtualenv +left out, in spite of requirements\.txt +shop\/deploy\/steps\.yaml:1$/m,
    );
    expect(await text()).toContain('shop/deploy/steps.yaml:2: the key `helth` is not known here.');
    for (const none of [{ root, app: 'nowhere' }, { root: 'file:///nowhere', app: 'shop' }, { root }, null])
      expect(await ask(none)).toBeNull();
  });
});

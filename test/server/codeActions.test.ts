import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  CodeActionResolveRequest,
  LSPErrorCodes,
  type ResponseError,
} from 'vscode-languageserver/node';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const qa = 'a: 1\nb: 2\nc: !missing\n';
let folder: string;
let client: TestClient;

beforeEach(() => {
  folder = writeFiles(`//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa, production]
//- /configs/common.yaml
a: 1
//- /configs/common-qa.yaml
${qa}`);
});
afterEach(() => client.stop());

const literals = { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } };
const everything: ClientCapabilities = {
  textDocument: { codeAction: { ...literals, dataSupport: true, resolveSupport: { properties: ['edit'] } } },
  workspace: {
    workspaceEdit: {
      documentChanges: true,
      resourceOperations: ['create', 'rename'],
      changeAnnotationSupport: {},
    },
  },
};

function at(file: string): string {
  return path.join(folder, 'configs', file);
}

async function start(capabilities: ClientCapabilities) {
  client = await startClient([folder], { capabilities });
  await client.open(at('common-qa.yaml'), qa);
  await client.until(() => client.diagnostics(at('common-qa.yaml')).length === 2);
}

/** What is offered on a line, with the problems that are shown there. */
async function actionsOn(line: number, only?: string[]): Promise<CodeAction[]> {
  const place = { line, character: 0 };
  const diagnostics = client.diagnostics(at('common-qa.yaml')).filter((one) => one.range.start.line === line);
  const found = await client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: uriOfFile(at('common-qa.yaml')) },
    range: { start: place, end: place },
    context: { diagnostics, ...(only ? { only } : {}) },
  });
  return (found ?? []) as CodeAction[];
}

const resolve = (action: CodeAction) => client.connection.sendRequest(CodeActionResolveRequest.type, action);

it('offers titles first, and edits when they are wanted', async () => {
  await start(everything);
  const [fix] = await actionsOn(0, ['quickfix']);
  expect(fix).toMatchObject({ title: 'Remove the redundant setting', kind: 'quickfix', isPreferred: true });
  expect(fix!.diagnostics?.map(({ code }) => code)).toEqual(['redundant-override']);
  expect(fix!.edit).toBe(undefined);
  const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
  expect((await resolve(fix!)).edit).toEqual({
    documentChanges: [
      {
        textDocument: { uri: uriOfFile(at('common-qa.yaml')), version: 0 },
        edits: [{ range, newText: '' }],
      },
    ],
  });
});

it('asks before it touches other files or makes some', async () => {
  await start(everything);
  const move = (await actionsOn(1)).find(({ title }) => title === 'Move `b` to `common.yaml`');
  const { documentChanges, changeAnnotations } = (await resolve(move!)).edit!;
  expect(changeAnnotations).toEqual({
    elsewhere: { label: move!.title, needsConfirmation: true, description: 'common.yaml, common-qa.yaml' },
  });
  const end = { line: 0, character: 4 };
  expect(documentChanges?.[0]).toEqual({
    textDocument: { uri: uriOfFile(at('common.yaml')), version: null },
    edits: [{ range: { start: end, end }, newText: '\nb: 2', annotationId: 'elsewhere' }],
  });
  const fresh = (await actionsOn(1)).find(({ title }) => title.includes('new file `common-production.yaml`'));
  const uri = uriOfFile(at('common-production.yaml'));
  expect((await resolve(fresh!)).edit?.documentChanges).toMatchObject([
    { kind: 'create', uri, annotationId: 'elsewhere' },
    { textDocument: { uri, version: null }, edits: [{ newText: 'b: 2\n', annotationId: 'elsewhere' }] },
  ]);
});

it('gives edits at once, and makes no files, where the editor can do no more', async () => {
  await start({ textDocument: { codeAction: literals } });
  const found = await actionsOn(1);
  expect(found.map(({ title }) => title)).toEqual(['Move `b` to `common.yaml`', 'Copy `b` to `common.yaml`']);
  const end = { line: 0, character: 4 };
  const uri = uriOfFile(at('common.yaml'));
  expect(found[1]?.edit).toEqual({ changes: { [uri]: [{ range: { start: end, end }, newText: '\nb: 2' }] } });
});

it('offers nothing to editors that know no actions, and nothing for a text that has changed', async () => {
  await start(everything);
  const [fix] = await actionsOn(0);
  await client.change(at('common-qa.yaml'), '# now\na: 1\n');
  const refused = await resolve(fix!).catch(({ code }: ResponseError) => code);
  expect(refused).toBe(LSPErrorCodes.ContentModified);
  await client.stop();
  await start({});
  expect(await actionsOn(0)).toEqual([]);
});

it('tells actions with the same title apart', async () => {
  await start(everything);
  const both = 'a: 1\nd: 1\n';
  await client.change(at('common-qa.yaml'), both);
  await client.open(at('common.yaml'), both);
  const shown = () => client.diagnostics(at('common-qa.yaml'));
  await client.until(() => shown().filter(({ code }) => code === 'redundant-override').length === 2);
  const found = await client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: uriOfFile(at('common-qa.yaml')) },
    range: { start: { line: 0, character: 0 }, end: { line: 1, character: 4 } },
    context: { diagnostics: shown(), only: ['quickfix'] },
  });
  const second = found?.[1] as CodeAction;
  const { documentChanges } = (await resolve(second)).edit!;
  const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
  expect(documentChanges).toMatchObject([{ edits: [{ range }] }]);
});

it('fixes a whole file when that is asked for', async () => {
  await start(everything);
  expect((await actionsOn(2, ['source.fixAll'])).map(({ title, kind }) => ({ title, kind }))).toEqual([
    { title: 'Remove all redundant settings in this file', kind: 'source.fixAll.strata' },
  ]);
});

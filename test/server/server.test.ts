import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CancellationTokenSource,
  DefinitionRequest,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  DidCloseTextDocumentNotification,
  FileChangeType,
  HoverRequest,
  type LocationLink,
  LSPErrorCodes,
  type MarkupContent,
  type ResponseError,
} from 'vscode-languageserver/node';
import { type ContextList, type ContextName, methods } from '../../protocol/contexts.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';

const manifest =
  'configs: [configs]\napps: {shop: shop}\nenvironments: {qa: , production: {clusters: [us]}}\n';

let folder: string;
let client: TestClient;

function at(file: string): string {
  return path.join(folder, file);
}

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(at(file)), { recursive: true });
  fs.writeFileSync(at(file), text);
}

/** The hover at the first place of some text in an open file. */
async function hoverAt(file: string, text: string, needle: string): Promise<string> {
  const before = text.slice(0, text.indexOf(needle)).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const textDocument = { uri: uriOfFile(at(file)) };
  const found = await client.connection.sendRequest(HoverRequest.type, { textDocument, position });
  return (found?.contents as MarkupContent | undefined)?.value ?? '(none)';
}

async function changed(file: string, type: FileChangeType): Promise<void> {
  const changes = [{ uri: uriOfFile(at(file)), type }];
  await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
}

beforeEach(async () => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-server-')));
  write('strata.yaml', manifest);
  write('configs/common.yaml', 'db:\n  host: one\n');
  write('configs/common-production.yaml', 'db: {host: two}\n');
  write('shop/deploy/configuration/shop-default.yaml', 'shop: {port: 1}\n');
  client = await startClient([folder]);
});

afterEach(async () => {
  await client.stop();
  fs.rmSync(folder, { recursive: true });
});

describe('the language server', () => {
  it('answers a hover sent right after initialized', async () => {
    const text = 'db:\n  host: one\n';
    await client.open(at('configs/common.yaml'), text);
    expect(await hoverAt('configs/common.yaml', text, 'host')).toContain('| qa | `"one"` | [common.yaml:2]');
  });

  it('lets an open buffer win over the disk, for the layer itself and for all that stand on it', async () => {
    const text = 'db: {host: two}\n';
    await client.open(at('configs/common-production.yaml'), text);
    await client.open(at('configs/common.yaml'), 'db:\n  host: one\n');
    await client.change(at('configs/common.yaml'), 'db:\n\n  host: unsaved\n');
    const shown = await hoverAt('configs/common-production.yaml', text, 'host');
    expect(shown).toContain('| qa | `"unsaved"` | [common.yaml:3]');
    const textDocument = { uri: uriOfFile(at('configs/common.yaml')) };
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument });
    expect(await hoverAt('configs/common-production.yaml', text, 'host')).toContain('| qa | `"one"` |');
  });

  it('goes to the winner first, with links from the key', async () => {
    await client.open(at('configs/common.yaml'), 'db:\n  host: one\n');
    const chosen: ContextName = {
      app: 'shop',
      environment: 'production',
      cluster: 'us',
      mode: 'deploy',
      label: 'production/us',
    };
    expect(await client.connection.sendRequest(methods.setContext, chosen)).toEqual(chosen);
    const found = await client.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri: uriOfFile(at('configs/common.yaml')) },
      position: { line: 1, character: 4 },
    });
    const links = (found as LocationLink[]).map((link) => [
      path.basename(link.targetUri),
      link.targetSelectionRange.start,
      link.originSelectionRange,
    ]);
    const origin = { start: { line: 1, character: 2 }, end: { line: 1, character: 6 } };
    expect(links).toEqual([
      ['common-production.yaml', { line: 0, character: 5 }, origin],
      ['common.yaml', { line: 1, character: 2 }, origin],
    ]);
  });

  it('publishes what is wrong as it is typed, and takes it back when it is mended', async () => {
    const file = at('configs/common-production.yaml');
    await client.open(file, 'db: {host: 2}\n');
    await client.until(() => client.diagnostics(file).length === 1);
    expect(client.diagnostics(file)[0]).toMatchObject({
      code: 'type-mismatch',
      source: 'strata',
      severity: 1,
      message: 'db.host: refusing to replace a string with an integer [production/us]',
      range: { start: { line: 0, character: 11 }, end: { line: 0, character: 12 } },
      relatedInformation: [
        { message: 'string given here', location: { uri: uriOfFile(at('configs/common.yaml')) } },
      ],
    });
    await client.change(file, 'db: {host: two}\n');
    await client.until(() => client.diagnostics(file).length === 0);
  });

  it('sees files that change, come and go on the disk', async () => {
    const text = 'db:\n  host: one\n';
    await client.open(at('configs/common.yaml'), text);
    write('configs/common-production.yaml', 'db: {host: changed}\n');
    await changed('configs/common-production.yaml', FileChangeType.Changed);
    expect(await hoverAt('configs/common.yaml', text, 'host')).toContain('`"changed"`');
    write('configs/common-qa.yaml', 'db: {host: new}\n');
    await changed('configs/common-qa.yaml', FileChangeType.Created);
    expect(await hoverAt('configs/common.yaml', text, 'host')).toContain(
      '| qa | `"new"` | [common-qa.yaml:1]',
    );
    fs.rmSync(at('configs/common-qa.yaml'));
    await changed('configs/common-qa.yaml', FileChangeType.Deleted);
    expect(await hoverAt('configs/common.yaml', text, 'host')).toContain('| qa | `"one"` |');
  });

  it('counts a layer that is open and not on the disk yet', async () => {
    const text = 'db:\n  host: one\n';
    await client.open(at('configs/common.yaml'), text);
    await client.open(at('configs/common-qa.yaml'), 'db: {host: draft}\n');
    expect(await hoverAt('configs/common.yaml', text, 'host')).toContain('| qa | `"draft"` |');
  });

  it('follows the manifest and tells of new contexts', async () => {
    const lists: ContextList[] = [];
    let wake = () => {};
    client.connection.onNotification(methods.contextsChanged, (list: ContextList) => {
      lists.push(list);
      wake();
    });
    write('strata.yaml', manifest.replace('qa:', 'integration:'));
    const told = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await changed('strata.yaml', FileChangeType.Changed);
    await told;
    expect(lists.at(-1)?.contexts.map((one) => one.label)).toEqual(['integration', 'production/us']);
    const problem = at('strata.yaml');
    await client.open(problem, `${manifest}enviroments: {}\n`);
    await client.until(() => client.diagnostics(problem).length === 1);
    expect(client.diagnostics(problem)[0]).toMatchObject({ code: 'manifest', range: { start: { line: 3 } } });
  });

  it('works with several folders, also when they come and go', async () => {
    const other = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-other-')));
    fs.writeFileSync(path.join(other, 'strata.yaml'), 'configs: [.]\napps: {mail: .}\nenvironments: [qa]\n');
    const event = (added: string[], removed: string[]) => ({
      event: {
        added: added.map((one) => ({ uri: uriOfFile(one), name: one })),
        removed: removed.map((one) => ({ uri: uriOfFile(one), name: one })),
      },
    });
    const apps = async () => {
      const list = (await client.connection.sendRequest(methods.contexts)) as ContextList;
      return [...new Set(list.contexts.map((one) => one.app))];
    };
    await client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, event([other], []));
    expect(await apps()).toEqual(['shop', 'mail']);
    await client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, event([], [folder]));
    expect(await apps()).toEqual(['mail']);
    fs.rmSync(other, { recursive: true });
  });

  it('settles requests that are cancelled, and goes on', async () => {
    const text = 'db:\n  host: one\n';
    await client.open(at('configs/common.yaml'), text);
    const params = {
      textDocument: { uri: uriOfFile(at('configs/common.yaml')) },
      position: { line: 1, character: 3 },
    };
    const outcomes = Array.from({ length: 50 }, () => {
      const source = new CancellationTokenSource();
      const answer = client.connection.sendRequest(HoverRequest.type, params, source.token);
      source.cancel();
      return answer.then(
        () => 'answered',
        (error: ResponseError) => error.code,
      );
    });
    const settled = new Set(await Promise.all(outcomes));
    settled.delete('answered');
    expect([...settled]).toEqual([LSPErrorCodes.RequestCancelled]);
    expect(await hoverAt('configs/common.yaml', text, 'host')).toContain('| qa | `"one"` |');
  });

  it('answers nothing for documents that are no layers', async () => {
    write('README.yaml', 'db: 1\n');
    await client.open(at('README.yaml'), 'db: 1\n');
    expect(await hoverAt('README.yaml', 'db: 1\n', 'db')).toBe('(none)');
  });

  it('keeps its neighbours while a layer is half typed', async () => {
    const text = 'db:\n  host: one\n';
    await client.open(at('configs/common.yaml'), text);
    await client.change(at('configs/common.yaml'), 'db:\n  host: one\n  po\n');
    expect(await hoverAt('configs/common.yaml', text, 'host')).toContain('`"one"`');
    await client.until(() => client.diagnostics(at('configs/common.yaml')).length === 1);
    expect(client.diagnostics(at('configs/common.yaml'))[0]?.code).toBe('yaml-syntax');
  });
});

describe('central config outside of the opened folders', () => {
  it('is watched by the server', async () => {
    await client.stop();
    write('app/strata.yaml', 'configs: [../configs]\napps: {shop: .}\nenvironments: [production]\n');
    client = await startClient([at('app')]);
    const file = at('configs/common-production.yaml');
    await client.open(at('app/strata.yaml'), fs.readFileSync(at('app/strata.yaml'), 'utf8'));
    write('configs/common-production.yaml', 'db: {host: 2}\n');
    await client.until(() => client.diagnostics(file).length === 1);
    expect(client.diagnostics(file)[0]?.code).toBe('type-mismatch');
  });
});

describe('for an editor that does not watch files', () => {
  it('watches the config directories itself', async () => {
    await client.stop();
    client = await startClient([folder], { capabilities: {} });
    const file = at('configs/common-production.yaml');
    write('configs/common-production.yaml', 'db: {host: 2}\n');
    await client.until(() => client.diagnostics(file).length === 1);
    expect(client.diagnostics(file)[0]?.code).toBe('type-mismatch');
  });
});

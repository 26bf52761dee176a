import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ResourceOperationKind, type WorkspaceEdit } from 'vscode-languageserver';
import { boxesMethods } from '../../protocol/boxes.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

let client: TestClient;
afterEach(() => client.stop());

const box = { name: 'us1', url: 'http://a:1', environment: 'qa', cluster: null };
const layer = '//- /configs/common.yaml\na: 1\n//- /shop/deploy/configuration/shop-default.yaml\nb: 1\n';

async function start(manifest: string): Promise<string> {
  const folder = writeFiles(`\n${manifest}${layer}`);
  client = await startClient([folder]);
  return folder;
}

function ask(method: string, params: unknown): Promise<WorkspaceEdit> {
  return client.connection.sendRequest(method, params);
}

it('writes a box into the manifest, and takes it out again', async () => {
  const folder = await start('//- /strata.yaml\n# ours\nconfigs: [configs]\n');
  const uri = uriOfFile(path.join(folder, 'strata.yaml'));
  const edit = await ask(boxesMethods.add, { root: uriOfFile(folder), box });
  expect(JSON.stringify(edit)).toContain(
    JSON.stringify('boxes:\n  us1:\n    url: http://a:1\n').slice(1, -1),
  );
  expect(JSON.stringify(edit)).toContain(uri);
  await expect(ask(boxesMethods.remove, { root: uriOfFile(folder), name: 'us1' })).rejects.toThrow(
    'there is no box `us1`',
  );
  await expect(ask(boxesMethods.add, { root: uriOfFile(folder), box: { name: 1 } })).rejects.toThrow();
  await expect(ask(boxesMethods.add, { root: 'file:///elsewhere', box })).rejects.toThrow(
    'there is no such workspace',
  );
});

it('makes a manifest where there is none, in an editor that makes files', async () => {
  const folder = await start('');
  const params = { root: uriOfFile(folder), box };
  await expect(ask(boxesMethods.add, params)).rejects.toThrow('this editor makes no files');
  await client.stop();
  const workspaceEdit = { documentChanges: true, resourceOperations: [ResourceOperationKind.Create] };
  client = await startClient([folder], { capabilities: { workspace: { workspaceEdit } } });
  const { documentChanges } = await ask(boxesMethods.add, params);
  expect(documentChanges).toMatchObject([
    { kind: 'create', uri: uriOfFile(path.join(folder, 'strata.yaml')) },
    { edits: [{ newText: expect.stringContaining('boxes:\n  us1:\n') }] },
  ]);
  expect(fs.existsSync(path.join(folder, 'strata.yaml'))).toBe(false);
});

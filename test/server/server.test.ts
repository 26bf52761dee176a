import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DefinitionRequest, HoverRequest } from 'vscode-languageserver/node';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';

const shop = path.resolve(import.meta.dirname, '../../examples/shop');
let client: TestClient;
beforeEach(async () => {
  client = await startClient([shop]);
});
afterEach(() => client.stop());

describe('x', () => {
  it('hover', async () => {
    const file = path.join(shop, 'configs/common.yaml');
    await client.open(file, fs.readFileSync(file, 'utf8'));
    const h = await client.connection.sendRequest(HoverRequest.type, { textDocument: { uri: uriOfFile(file) }, position: { line: 10, character: 6 } });
    console.log((h as any).contents.value, h?.range);
    const d = await client.connection.sendRequest(DefinitionRequest.type, { textDocument: { uri: uriOfFile(file) }, position: { line: 10, character: 6 } });
    console.log(JSON.stringify(d));
    await client.until(() => client.diagnostics(path.join(shop, 'apps/landing/deploy/configuration/landing-qa.yaml')).length > 0);
    console.log(client.diagnostics(path.join(shop, 'apps/landing/deploy/configuration/landing-qa.yaml')));
  });
});

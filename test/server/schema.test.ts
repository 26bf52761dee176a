import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CompletionItem,
  CompletionRequest,
  CompletionResolveRequest,
  HoverRequest,
  type LocationLink,
  TypeDefinitionRequest,
} from 'vscode-languageserver/node';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const files = `
//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa]
//- /configs/common.yaml
{}
//- /shop/deploy/configuration/schema.json
{"properties": {"shop": {"properties": {"port": {"description": "Where it listens.", "maximum": 65535}}}}}
//- /shop/deploy/configuration/shop-default.yaml
shop:
  port: 70000
`;

let layer: string;
let schema: string;
let client: TestClient;

beforeEach(async () => {
  const folder = writeFiles(files);
  layer = path.join(folder, 'shop/deploy/configuration/shop-default.yaml');
  schema = path.join(folder, 'shop/deploy/configuration/schema.json');
  client = await startClient([folder], {
    capabilities: { textDocument: { typeDefinition: { linkSupport: true } } },
  });
});
afterEach(() => client.stop());

function at(line: number, character: number) {
  return { textDocument: { uri: uriOfFile(layer) }, position: { line, character } };
}

describe('a schema in the editor', () => {
  it('is checked again as it or a layer is typed', async () => {
    await client.until(() => client.diagnostics(layer).length === 1);
    expect(client.diagnostics(layer)[0]).toMatchObject({
      code: 'schema',
      severity: 1,
      message: 'shop.port: `70000` is more than the maximum 65535 of schema.json [qa]',
      range: { start: { line: 1, character: 8 }, end: { line: 1, character: 13 } },
      relatedInformation: [
        {
          message: '`maximum` of the schema',
          location: { uri: uriOfFile(schema), range: { start: { line: 0, character: 85 } } },
        },
      ],
    });
    const text = fs.readFileSync(schema, 'utf8');
    await client.open(schema, text.replace('65535', '99999'));
    await client.until(() => client.diagnostics(layer).length === 0);
    await client.change(schema, text.slice(0, 30));
    await client.until(() => client.diagnostics(schema).length === 1);
    expect(client.diagnostics(schema)[0]?.message).toContain('this schema cannot be used');
    await client.change(schema, text.replace('65535', '5'));
    await client.until(
      () => client.diagnostics(layer).length === 1 && client.diagnostics(schema).length === 0,
    );
    await client.open(layer, 'shop: {port: 5}\n');
    await client.until(() => client.diagnostics(layer).length === 0);
  });

  it('is known to hovers, completion and go to type definition', async () => {
    await client.open(layer, 'shop:\n  port: 1\n  \n');
    const hover = await client.connection.sendRequest(HoverRequest.type, at(1, 3));
    expect(hover?.contents).toHaveProperty('value', expect.stringContaining('Where it listens.'));
    const [link] = (await client.connection.sendRequest(
      TypeDefinitionRequest.type,
      at(1, 3),
    )) as LocationLink[];
    expect(link).toMatchObject({
      targetUri: uriOfFile(schema),
      targetSelectionRange: { start: { line: 0, character: 40 }, end: { line: 0, character: 46 } },
      originSelectionRange: { start: { line: 1, character: 2 } },
    });
    await client.change(layer, 'shop:\n  \n');
    const items = (await client.connection.sendRequest(CompletionRequest.type, at(1, 2))) as CompletionItem[];
    expect(items.map((one) => [one.label, one.documentation])).toEqual([['port', undefined]]);
    const resolved = await client.connection.sendRequest(CompletionResolveRequest.type, items[0]!);
    expect(resolved.documentation).toHaveProperty('value', expect.stringContaining('Where it listens.'));
  });
});

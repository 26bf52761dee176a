import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DefinitionRequest,
  DidOpenTextDocumentNotification,
  type DocumentSymbol,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  type LocationLink,
} from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { type ContextList, methods } from '../../protocol/contexts.ts';
import {
  type EffectiveDocument,
  effectiveAddress,
  effectiveMethods,
  effectiveScheme,
} from '../../protocol/effective.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';

const folder = path.resolve(import.meta.dirname, '../../examples/shop');
const capabilities = {
  textDocument: {
    definition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

let client: TestClient;
let textDocument: { uri: string };
let text: string;

beforeAll(async () => {
  client = await startClient([folder], { capabilities });
  const { contexts } = await client.connection.sendRequest<ContextList>(methods.contexts);
  const eu = contexts.find((one) => one.app === 'storefront' && one.label === 'production/eu')!;
  ({ text } = await client.connection.sendRequest<EffectiveDocument>(effectiveMethods.document, eu));
  textDocument = { uri: URI.from({ scheme: effectiveScheme, ...effectiveAddress(eu) }).toString() };
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { ...textDocument, languageId: 'yaml', version: 1, text },
  });
});
afterAll(() => client.stop());

function at(needle: string) {
  const before = text.slice(0, text.indexOf(needle)).split('\n');
  return { textDocument, position: { line: before.length - 1, character: before.at(-1)!.length } };
}

describe('an effective document', () => {
  it('leads to the layer that each value comes from', async () => {
    const lines = text.split('\n');
    let checked = 0;
    for (const [line, content] of lines.entries()) {
      const [, key, file, place] = /^ *(?:- )?([\w.]+)(?:: .*)? # (\S+\.yaml):(\d+)$/.exec(content) ?? [];
      if (key === undefined) continue;
      const position = { line, character: content.indexOf(key) };
      const found = await client.connection.sendRequest(DefinitionRequest.type, { textDocument, position });
      const [link] = found as LocationLink[];
      expect(URI.parse(link!.targetUri).fsPath, content).toBe(path.join(folder, file!));
      expect(
        Math.abs(link!.targetSelectionRange.start.line + 1 - Number(place)),
        content,
      ).toBeLessThanOrEqual(1);
      expect(link!.originSelectionRange?.start, content).toEqual(position);
      checked++;
    }
    expect(checked).toBeGreaterThan(40);
  });

  it('has hovers, folds and an outline', async () => {
    const hover = await client.connection.sendRequest(HoverRequest.type, at('host:'));
    expect(hover?.contents).toHaveProperty(
      'value',
      expect.stringContaining('**production/eu**, lowest layer first'),
    );
    const folds = await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument });
    expect(folds?.length).toBeGreaterThan(5);
    const symbols = await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
    expect((symbols as DocumentSymbol[]).map((one) => one.name)).toEqual([
      'yoconfigurator',
      'common',
      'storefront',
    ]);
  });

  it('is no layer', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 50, character: 0 } };
    expect(await client.connection.sendRequest(InlayHintRequest.type, { textDocument, range })).toBeNull();
    const other = { uri: 'strata-effective:/nobody/there.yaml?%7B%7D' };
    const position = { line: 0, character: 0 };
    expect(
      await client.connection.sendRequest(HoverRequest.type, { textDocument: other, position }),
    ).toBeNull();
    expect(await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument: other })).toBeNull();
  });
});

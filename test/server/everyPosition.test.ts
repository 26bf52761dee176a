import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CodeLensRequest,
  CodeLensResolveRequest,
  DeclarationRequest,
  DefinitionRequest,
  type DocumentHighlight,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  type DocumentSymbol,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  ImplementationRequest,
  type Location,
  type Position,
  type Range,
  ReferencesRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
  type SymbolInformation,
  TypeDefinitionRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver/node';
import { declaration } from '../../core/features/declaration.ts';
import { definition } from '../../core/features/definition.ts';
import { documentHighlight } from '../../core/features/documentHighlight.ts';
import { hover } from '../../core/features/hover.ts';
import { implementation } from '../../core/features/implementation.ts';
import { references } from '../../core/features/references.ts';
import { typeDefinition } from '../../core/features/typeDefinition.ts';
import { discoverWorkspaces } from '../../core/workspace/discover.ts';
import { openModel } from '../../core/workspace/model.ts';
import { diskSource } from '../../disk/diskSource.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';

const folder = path.resolve(import.meta.dirname, '../../examples/shop');
const files = fs
  .readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml') || name.includes('deploy/templates/'))
  .filter((name) => !name.includes('node_modules'))
  .map((name) => path.join(folder, name))
  .filter((file) => fs.statSync(file).isFile())
  .sort();

const capabilities = {
  textDocument: {
    definition: { linkSupport: true },
    declaration: { linkSupport: true },
    implementation: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

type Place = ReturnType<typeof document> & { position: Position };

let client: TestClient;
beforeAll(async () => {
  client = await startClient([folder], { capabilities });
  for (const file of files) await client.open(file, fs.readFileSync(file, 'utf8'));
});
afterAll(() => client.stop());

function document(name: string) {
  return { textDocument: { uri: uriOfFile(path.isAbsolute(name) ? name : path.join(folder, name)) } };
}

/** The place of some text in a file of the example. */
function at(name: string, needle: string) {
  const before = fs.readFileSync(path.join(folder, name), 'utf8').split(needle, 1)[0]!.split('\n');
  return { ...document(name), position: { line: before.length - 1, character: before.at(-1)!.length } };
}

function positionsOf(file: string): Position[] {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((text, line) =>
    Array.from({ length: text.length + 1 }, (_, character) => ({ line, character })),
  );
}

function where({ uri, range }: Location): string {
  return `${path.basename(uri)}:${range.start.line + 1}`;
}

function isInside(inner: Range, outer: Range): boolean {
  const order = (one: Position, other: Position) => one.line - other.line || one.character - other.character;
  return order(inner.start, outer.start) >= 0 && order(inner.end, outer.end) <= 0;
}

describe('every position of every file of the example', () => {
  it('is answered by every feature that works at a place', async () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => file.includes('templates')).length).toBeGreaterThan(3);
    const context = { includeDeclaration: false };
    const ask = [
      (place: Place) => client.connection.sendRequest(HoverRequest.type, place),
      (place: Place) => client.connection.sendRequest(DefinitionRequest.type, place),
      (place: Place) => client.connection.sendRequest(DeclarationRequest.type, place),
      (place: Place) => client.connection.sendRequest(ImplementationRequest.type, place),
      (place: Place) => client.connection.sendRequest(TypeDefinitionRequest.type, place),
      (place: Place) => client.connection.sendRequest(ReferencesRequest.type, { ...place, context }),
      (place: Place) => client.connection.sendRequest(DocumentHighlightRequest.type, place),
    ];
    let turn = 0;
    for (const file of files) {
      const positions = positionsOf(file);
      // Each position is asked of one feature after the other in turn: what stands behind them is asked below.
      const places = positions.map((position) => ({ ...document(file), position }));
      await Promise.all(places.map((place) => ask[turn++ % ask.length]!(place)));
      const grown = await client.connection.sendRequest(SelectionRangeRequest.type, {
        ...document(file),
        positions,
      });
      expect(grown).toHaveLength(positions.length);
    }
  });

  it('is answered by every feature that works on a file', async () => {
    for (const file of files) {
      const text = fs.readFileSync(file, 'utf8');
      const symbols = await client.connection.sendRequest(DocumentSymbolRequest.type, document(file));
      const check = (list: DocumentSymbol[]) => {
        for (const { range, selectionRange, children = [] } of list) {
          expect(isInside(selectionRange, range)).toBe(true);
          check(children);
        }
      };
      check(symbols as DocumentSymbol[]);
      const folds = await client.connection.sendRequest(FoldingRangeRequest.type, document(file));
      for (const fold of folds ?? []) {
        expect(fold.endLine).toBeGreaterThan(fold.startLine);
        expect(fold.endLine).toBeLessThan(text.split('\n').length);
      }
      await client.connection.sendRequest(DocumentLinkRequest.type, document(file));
      await client.connection.sendRequest(SemanticTokensRequest.type, document(file));
      const lenses = (await client.connection.sendRequest(CodeLensRequest.type, document(file))) ?? [];
      const words = lenses.map((one) => client.connection.sendRequest(CodeLensResolveRequest.type, one));
      for (const lens of await Promise.all(words)) expect(lens.command?.title).not.toBe('');
    }
  });
});

it('no feature fails at any position of the example', () => {
  const source = diskSource();
  const [workspace] = discoverWorkspaces(source, [folder]);
  const model = openModel(source, workspace!);
  const options = { chosen: undefined, linkTo: (file: string) => file, includeDeclaration: true };
  for (const file of files) {
    const { length } = fs.readFileSync(file, 'utf8');
    for (let offset = 0; offset <= length; offset++) {
      hover(model, file, offset, options);
      definition(model, file, offset, undefined);
      declaration(model, file, offset, undefined);
      implementation(model, file, offset, undefined);
      typeDefinition(model, file, offset, undefined);
      references(model, file, offset, options);
      documentHighlight(model, file, offset);
    }
  }
});

describe('over the protocol', () => {
  it('references and highlights of a shared setting', async () => {
    const place = at('configs/common.yaml', 'main: int.');
    const found = await client.connection.sendRequest(ReferencesRequest.type, {
      ...place,
      context: { includeDeclaration: true },
    });
    const names = (found ?? []).map(where);
    expect(names).toContain('common.yaml:5');
    expect(names.filter((name) => name.startsWith('public-data'))).toHaveLength(2);
    const highlights = await client.connection.sendRequest(DocumentHighlightRequest.type, place);
    expect(highlights).toEqual<DocumentHighlight[]>([
      { kind: 3, range: { start: { line: 4, character: 4 }, end: { line: 4, character: 8 } } },
    ]);
  });

  it('declaration and implementation as links from the key', async () => {
    const place = at('configs/common-production.yaml', 'main:');
    const [declared] = (await client.connection.sendRequest(DeclarationRequest.type, place)) as never[];
    expect(declared).toMatchObject({ targetUri: document('configs/common.yaml').textDocument.uri });
    const low = at('configs/common.yaml', 'main: int.');
    const above = (await client.connection.sendRequest(ImplementationRequest.type, low)) as never[];
    expect(above.length).toBeGreaterThan(1);
    expect(above[0]).toHaveProperty('originSelectionRange.start', low.position);
  });

  it('document symbols as a tree, and flat for an editor that knows no trees', async () => {
    const params = document('apps/api/deploy/configuration/api-default.yaml');
    const tree = (await client.connection.sendRequest(
      DocumentSymbolRequest.type,
      params,
    )) as DocumentSymbol[];
    expect(tree.map((one) => one.name)).toEqual(['api']);
    expect(tree[0]?.children?.map((one) => one.name)).toContain('rate_limit');
    const plain = await startClient([folder], { capabilities: {} });
    const flat = (await plain.connection.sendRequest(
      DocumentSymbolRequest.type,
      params,
    )) as SymbolInformation[];
    expect(flat.map((one) => one.name)).toContain('api.rate_limit.per_minute');
    await plain.stop();
  });

  it('workspace symbols with their layers', async () => {
    const found = await client.connection.sendRequest(WorkspaceSymbolRequest.type, { query: 'db.host' });
    const [first] = found as SymbolInformation[];
    expect(first?.name).toBe('common.db.host');
    expect(path.basename(first?.location.uri ?? '')).toBe('common.yaml');
    expect(first?.containerName).toContain('common, common-');
  });

  it('links of public data and of the manifest', async () => {
    const publicData = document('apps/landing/deploy/configuration/public-data.yaml');
    const links = (await client.connection.sendRequest(DocumentLinkRequest.type, publicData)) ?? [];
    // The sixth entry is the example's deliberate mistake.
    expect(links).toHaveLength(5);
    expect(links[0]?.target).toMatch(/\.yaml#L\d+,\d+$/);
    const manifest = await client.connection.sendRequest(DocumentLinkRequest.type, document('strata.yaml'));
    expect(manifest?.map((one) => path.basename(one.target ?? '').replace(/#.*/, ''))).toEqual([
      'common.yaml',
      'storefront-default.yaml',
      'api-default.yaml',
      'landing-default.yaml',
    ]);
  });
});

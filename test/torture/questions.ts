import type { Position } from 'vscode-languageserver/node';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { isManifest } from './places.ts';
import { somePosition } from './position.ts';
import type { Random } from './random.ts';
import { isBroken } from './texts.ts';
import { textOf, type World } from './world.ts';

/** A request, as it goes over the wire. */
export interface Question {
  method: string;
  params: unknown;
}

/** What is told in a broken manifest depends on what it said before; what it makes of the workspace does not. */
function isTellable(world: World, file: string): boolean {
  return !isManifest(file) || !isBroken(textOf(world, file) ?? '');
}

interface At {
  world: World;
  random: Random;
  textDocument: { uri: string };
  position: Position;
}

/** Some questions about open documents. */
export function someQuestions(world: World, random: Random, count: number): Question[] {
  return Array.from({ length: count }, () => random.pick(kinds)).flatMap((kind) => {
    const file = random.pickOf([...world.open.keys()].filter((one) => isTellable(world, one)));
    const text = file === undefined ? undefined : world.open.get(file)?.text;
    if (file === undefined || text === undefined) return [];
    const position = somePosition(random, text);
    return [kind({ world, random, textDocument: { uri: uriOfFile(file) }, position })];
  });
}

/** A question that makes a server read a file. */
export function outlineOf(file: string): Question {
  return { method: 'textDocument/documentSymbol', params: { textDocument: { uri: uriOfFile(file) } } };
}

type Kind = (at: At) => Question;

const atPlace =
  (method: string): Kind =>
  ({ textDocument, position }) => ({ method, params: { textDocument, position } });

const ofFile =
  (method: string): Kind =>
  ({ textDocument }) => ({ method, params: { textDocument } });

const everything = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

const kinds: readonly [Kind, ...Kind[]] = [
  atPlace('textDocument/hover'),
  atPlace('textDocument/hover'),
  atPlace('textDocument/definition'),
  atPlace('textDocument/declaration'),
  atPlace('textDocument/implementation'),
  atPlace('textDocument/typeDefinition'),
  atPlace('textDocument/completion'),
  atPlace('textDocument/completion'),
  atPlace('textDocument/documentHighlight'),
  atPlace('textDocument/prepareRename'),
  ofFile('textDocument/documentSymbol'),
  ofFile('textDocument/semanticTokens/full'),
  ofFile('textDocument/foldingRange'),
  ofFile('textDocument/documentLink'),
  ofFile('textDocument/codeLens'),
  ofFile('textDocument/codeLens'),
  ({ textDocument, position }) => ({
    method: 'textDocument/references',
    params: { textDocument, position, context: { includeDeclaration: true } },
  }),
  ({ textDocument, position }) => ({
    method: 'textDocument/selectionRange',
    params: { textDocument, positions: [position] },
  }),
  ({ textDocument }) => ({ method: 'textDocument/inlayHint', params: { textDocument, range: everything } }),
  ({ textDocument, position, random }) => ({
    method: 'textDocument/rename',
    params: { textDocument, position, newName: random.pick(['db', 'host', 'fresh', 'x.y']) },
  }),
  ({ textDocument, position }) => ({
    method: 'textDocument/codeAction',
    params: { textDocument, range: { start: position, end: position }, context: { diagnostics: [] } },
  }),
  ({ random }) => ({ method: 'workspace/symbol', params: { query: random.pick(['', 'db', 'ho', 'x.y']) } }),
  ({ world, random }) => ({
    method: 'strata/effectiveDocument',
    params: random.pickOf(world.contexts) ?? null,
  }),
  ({ world, random }) => {
    if (world.contexts.length === 0) return { method: 'strata/contexts', params: null };
    const side = () => ({ context: random.pickOf(world.contexts) ?? null });
    return { method: 'strata/compare', params: { left: side(), right: side() } };
  },
  () => ({ method: 'strata/contexts', params: null }),
];

import type { Context } from '../layers/context.ts';
import { isLayerFile } from '../layers/layerFiles.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { Layer } from '../yaml/layer.ts';
import type { Entry, LayerNode, MappingNode, ScalarNode } from '../yaml/tree.ts';
import { isAlias } from './settingAt.ts';
import { settingFates, type TokenModifier } from './settingFates.ts';
import { type TemplateTokenType, templateTokens, templateTokenTypes } from './templateTokens.ts';
import { withinLines } from './withinLines.ts';

/** What a token is: the words of LSP, and our own for `!missing` with its reason. */
type TokenType = TemplateTokenType | 'strataPlaceholder';

/** All of them, in the order that numbers stand for. */
export const tokenTypes: readonly TokenType[] = [...templateTokenTypes, 'strataPlaceholder'];

/** A stretch of one line with a meaning of its own. */
export interface SemanticToken {
  range: Range;
  type: TokenType;
  modifiers: readonly TokenModifier[];
}

/**
 * The tokens of a file, in its order: in a layer the settings that do not count, and what our tags say; in a template
 * all that is no plain text. Other kinds of files have none.
 */
export function semanticTokens(model: Model, file: string, chosen: Context | undefined): SemanticToken[] {
  if (isLayerFile(model, file)) return layerTokens(model, file, chosen);
  return templateTokens(model, file).map((token) => ({ ...token, modifiers: [] }));
}

function layerTokens(model: Model, file: string, chosen: Context | undefined): SemanticToken[] {
  const layer = model.layer(file);
  if (layer === undefined) return [];
  const work: Work = { layer, modifiersOf: settingFates(model, layer, chosen), tokens: [] };
  mappingTokens(work, layer.root);
  return inOrder(work.tokens.flatMap((one) => onLines(layer.text, one)));
}

interface Work {
  layer: Layer;
  modifiersOf: (entry: Entry) => readonly TokenModifier[];
  tokens: SemanticToken[];
}

function mappingTokens(work: Work, mapping: MappingNode): void {
  for (const entry of mapping.entries.values()) {
    if (entry.inherited) continue;
    const modifiers = work.modifiersOf(entry);
    keyTokens(work, entry, modifiers);
    if (entry.value.kind !== 'mapping') valueTokens(work, entry.value, modifiers);
    else if (!isAlias(work.layer, entry.value)) mappingTokens(work, entry.value);
  }
}

/** Keys and values that count are left to the editor's own colours. */
function keyTokens({ tokens }: Work, { keyRange, also = [] }: Entry, modifiers: SemanticToken['modifiers']) {
  if (modifiers.length === 0) return;
  for (const range of [keyRange, ...also]) tokens.push({ range, type: 'property', modifiers });
}

function valueTokens(work: Work, node: LayerNode, modifiers: SemanticToken['modifiers']): void {
  const { layer, tokens } = work;
  const { range } = node;
  if (isAlias(layer, node)) return;
  switch (node.kind) {
    case 'missing':
      tokens.push({ range, type: 'strataPlaceholder', modifiers });
      return;
    case 'deleted':
      tokens.push({ range, type: 'keyword', modifiers });
      return;
    case 'list':
      if (node.replace) tokens.push({ range: tagRange(range, '!replace'), type: 'keyword', modifiers });
      for (const item of node.items) valueTokens(work, item, modifiers);
      return;
    case 'mapping':
      for (const entry of node.entries.values()) {
        if (entry.inherited) continue;
        keyTokens(work, entry, modifiers);
        valueTokens(work, entry.value, modifiers);
      }
      return;
    default:
      if (modifiers.length > 0) tokens.push({ range, type: scalarTypes[node.kind], modifiers });
  }
}

function tagRange({ start }: Range, tag: string): Range {
  return { start, end: start + tag.length };
}

const scalarTypes: Readonly<Record<ScalarNode['kind'], TokenType>> = {
  string: 'string',
  integer: 'number',
  float: 'number',
  boolean: 'keyword',
  null: 'keyword',
};

/** A token for each line: none may go over the end of one. */
function onLines(text: string, token: SemanticToken): SemanticToken[] {
  return withinLines(text, token.range).map((range) => ({ ...token, range }));
}

/** Sorted; where several parts of a quoted key have one place, the first of them counts. */
function inOrder(tokens: readonly SemanticToken[]): SemanticToken[] {
  let end = 0;
  const sorted = [...tokens].sort((one, other) => one.range.start - other.range.start);
  return sorted.filter(({ range }) => {
    if (range.start < end) return false;
    end = range.end;
    return true;
  });
}

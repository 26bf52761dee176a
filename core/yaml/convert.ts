import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Problem, problem } from '../problem.ts';
import { type Range, withoutBlankEnd } from '../text/range.ts';
import { convertAlias, rememberAnchor } from './aliases.ts';
import {
  type Conversion,
  type ConvertOptions,
  deeper,
  maxDepth,
  refuse,
  startConversion,
  textWeight,
  tooDeep,
} from './conversion.ts';
import { fillMapping, partsOf, type WrittenEntry } from './mappings.ts';
import { scalarNode } from './scalars.ts';
import { hasStandardTag, layerTag, rangeWithTag } from './tags.ts';
import { emptyMapping, type LayerNode, type ListNode, type MappingNode, replacing } from './tree.ts';

/**
 * Turns a parsed document into a tree; `undefined` for an empty one. What YAML allows and a layer does not
 * becomes a problem.
 */
export function convertDocument(
  file: string,
  text: string,
  document: Document.Parsed,
  options: ConvertOptions,
): { root: LayerNode | undefined; problems: Problem[] } {
  const work = startConversion(file, text, options);
  const { contents } = document;
  const root = contents === null || isEmptyScalar(contents) ? undefined : convertNode(work, contents);
  return { root, problems: work.problems };
}

/** Turns any node into a layer node. */
function convertNode(work: Conversion, node: Node): LayerNode {
  const range = nodeRange(node);
  if (isAlias(node)) return convertAlias(work, node.source, range);
  if (work.depth > maxDepth) return refuse(work, range, tooDeep);
  const { anchor } = node as { anchor?: string };
  const read = () => convertTagged(work, node);
  return anchor === undefined ? read() : rememberAnchor(work, anchor, read);
}

function convertTagged(work: Conversion, node: Node): LayerNode {
  const own = isScalar(node) ? scalarRange(work.text, node) : nodeRange(node);
  work.values += 1 + (isScalar(node) ? textWeight(own) : 0);
  const range = rangeWithTag(work.text, node, own);
  switch (layerTag(work, node, range)) {
    case '!missing':
      return { kind: 'missing', range, reason: String((node as Scalar).value ?? '').trim() };
    case '!deleted':
      return { kind: 'deleted', range };
    case '!replace':
      return replacing(convertList(work, node as YAMLSeq), range.start);
    case undefined:
      return convertPlain(work, node);
  }
}

function convertPlain(work: Conversion, node: Node): LayerNode {
  if (isMap(node)) return convertMapping(work, node);
  if (isSeq(node)) return convertList(work, node);
  return scalarNode(work, node as Scalar, scalarRange(work.text, node as Scalar));
}

/** A block scalar ends with its last line that is not blank. */
function scalarRange(text: string, node: Scalar): Range {
  const range = nodeRange(node);
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  return isBlock ? withoutBlankEnd(text, range) : range;
}

function convertMapping(work: Conversion, node: YAMLMap): MappingNode {
  const written: WrittenEntry[] = [];
  for (const pair of node.items as Pair<Node | null, Node | null>[]) {
    const key = readKey(work, pair);
    if (key === undefined) continue;
    const parts = partsOf(work, key.text);
    const value = deeper(work, parts.length, () => convertValue(work, pair, key.range));
    written.push({ ...key, value, merges: isMergeKey(pair.key) });
  }
  const last = written.at(-1);
  const mapping = emptyMapping(collectionRange(node, last && Math.max(last.range.end, last.value.range.end)));
  fillMapping(work, mapping, written);
  return mapping;
}

/** A list; the elements of a `!set` or `!omap` come as pairs, which a layer cannot hold. */
function convertList(work: Conversion, node: YAMLSeq): ListNode {
  const nodes = (node.items as Node[]).filter((item) => !isPair(item));
  const items = deeper(work, 1, () => nodes.map((item) => convertNode(work, item)));
  const range = collectionRange(node, items.at(-1)?.range.end);
  const kept = items.filter((item) => item.kind !== 'deleted');
  return { kind: 'list', range, items: kept, replace: false };
}

/** A collection without brackets ends with its last element: what the parser adds are blanks and comments. */
function collectionRange(node: YAMLMap | YAMLSeq, lastEnd: number | undefined): Range {
  const range = nodeRange(node);
  return node.flow || lastEnd === undefined ? range : { start: range.start, end: lastEnd };
}

function readKey(
  work: Conversion,
  pair: Pair<Node | null, Node | null>,
): { text: string; range: Range } | undefined {
  const { key, value } = pair;
  if (key === null) return { text: '', range: nodeRange(value) };
  const range = nodeRange(key);
  if (isScalar(key)) {
    if (key.anchor !== undefined) convertNode(work, key);
    const text = keyText(key);
    work.values += textWeight({ start: 0, end: text.length });
    return { text, range };
  }
  const target = isAlias(key) ? work.anchors.get(key.source)?.node : undefined;
  if (target?.kind === 'string') return { text: target.value, range };
  work.problems.push(
    problem('yaml-syntax', { file: work.file, range }, 'a key must be a single word or text'),
  );
  return undefined;
}

/** A plain key is its source text: `8080` and `1.0` and `~` stay as they are written. */
function keyText(key: Scalar): string {
  return key.type === 'PLAIN' || key.type === undefined ? (key.source ?? '') : String(key.value);
}

function convertValue(work: Conversion, pair: Pair<Node | null, Node | null>, key: Range): LayerNode {
  if (pair.value !== null && pair.value !== undefined) return convertNode(work, pair.value);
  return { kind: 'null', value: null, range: { start: key.end, end: key.end } };
}

function isMergeKey(key: Node | null): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<' && !hasStandardTag(key, 'str');
}

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.value === null && !node.source && node.tag === undefined;
}

/** The range of a node's own text, without the comments and line ends behind it. */
function nodeRange(node: Node | null | undefined): Range {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 0 };
}

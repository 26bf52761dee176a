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
import type { Range } from '../text/range.ts';
import { convertAlias, rememberAnchor } from './aliases.ts';
import { type Conversion, type ConvertOptions, deeper, maxDepth, refuse, tooDeep } from './conversion.ts';
import { addEntry, keyParts } from './entries.ts';
import { scalarNode } from './scalars.ts';
import { hasStandardTag, layerTag, rangeWithTag } from './tags.ts';
import { type Entry, emptyMapping, type LayerNode, type ListNode, type MappingNode } from './tree.ts';

/**
 * Turns a parsed document into a tree; `undefined` for an empty one. What YAML allows and a layer does not
 * becomes a problem.
 */
export function convertDocument(
  file: string,
  text: string,
  document: Document.Parsed,
  options: ConvertOptions = { dottedKeys: true },
): { root: LayerNode | undefined; problems: Problem[] } {
  const counts = { values: 0, aliasedValues: 0, depth: 0, deepest: 0 };
  const work: Conversion = { file, text, problems: [], anchors: new Map(), ...counts, ...options };
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

function textWeight(length: number): number {
  return Math.floor(length / 100);
}

function convertTagged(work: Conversion, node: Node): LayerNode {
  const own = nodeRange(node);
  work.values += 1 + (isScalar(node) ? textWeight(own.end - own.start) : 0);
  const range = rangeWithTag(work.text, node, own);
  switch (layerTag(work, node, range)) {
    case '!missing':
      return { kind: 'missing', range, reason: String((node as Scalar).value ?? '').trim() };
    case '!deleted':
      return { kind: 'deleted', range };
    case '!replace':
      return { ...convertList(work, node as YAMLSeq), range, replace: true };
    case undefined:
      return convertPlain(work, node);
  }
}

function convertPlain(work: Conversion, node: Node): LayerNode {
  if (isMap(node)) return convertMapping(work, node);
  if (isSeq(node)) return convertList(work, node);
  return scalarNode(work, node as Scalar, nodeRange(node));
}

function convertMapping(work: Conversion, node: YAMLMap): MappingNode {
  const mapping = emptyMapping(nodeRange(node));
  const own: [string[], Entry][] = [];
  for (const pair of node.items as Pair<Node | null, Node | null>[]) {
    const key = readKey(work, pair);
    if (key === undefined) continue;
    const parts = work.dottedKeys ? keyParts(key.text) : [key.text];
    const value = deeper(work, parts.length, () => convertValue(work, pair, key.range));
    if (isMergeKey(pair.key)) inherit(work, mapping, value, key.range);
    else if (work.depth + parts.length <= maxDepth) own.push([parts, { keyRange: key.range, value }]);
  }
  const assembly = {
    report: work,
    replaceable: new Set(mapping.entries.keys()),
    made: new Set<MappingNode>(),
  };
  for (const [parts, entry] of own) addEntry(assembly, mapping, parts, entry);
  return mapping;
}

/** A list; the elements of a `!set` or `!omap` come as pairs, which a layer cannot hold. */
function convertList(work: Conversion, node: YAMLSeq): ListNode {
  const nodes = (node.items as Node[]).filter((item) => !isPair(item));
  const items = deeper(work, 1, () => nodes.map((item) => convertNode(work, item)));
  const kept = items.filter((item) => item.kind !== 'deleted');
  return { kind: 'list', range: nodeRange(node), items: kept, replace: false };
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
    work.values += textWeight(text.length);
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

/**
 * Takes over the entries of the mappings behind a merge key: of several, the first that has a key gives it
 * (YAML's merge type, https://yaml.org/type/merge.html), and they come before the mapping's own keys, as
 * PyYAML puts them. A key with nothing behind it takes nothing over.
 */
function inherit(work: Conversion, mapping: MappingNode, value: LayerNode, key: Range): void {
  const sources = value.kind === 'list' ? value.items : [value];
  for (const source of sources) {
    if (source.kind === 'null') continue;
    if (source.kind !== 'mapping') {
      const message = `\`<<\` takes a mapping or a list of mappings, and this is something else (${source.kind})`;
      work.problems.push(problem('yaml-syntax', { file: work.file, range: key }, message));
      continue;
    }
    for (const [name, entry] of source.entries) {
      if (!mapping.entries.has(name)) mapping.entries.set(name, { ...entry, inherited: true });
    }
  }
}

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.value === null && !node.source && node.tag === undefined;
}

/** The range of a node's own text, without the comments and line ends behind it. */
function nodeRange(node: Node | null | undefined): Range {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 0 };
}

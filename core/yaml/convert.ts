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
import { addEntry, keyParts } from './entries.ts';
import type { Report } from './report.ts';
import { scalarNode } from './scalars.ts';
import { hasStandardTag, layerTag, rangeWithTag } from './tags.ts';
import { type Entry, emptyMapping, type LayerNode, type ListNode, type MappingNode } from './tree.ts';

/** How many values aliases may stand for in one layer, beyond what is written out (an alias bomb's fuse). */
export const maxAliasedValues = 100_000;

export interface ConvertOptions {
  /** Whether `db.host` is short for `host` in `db`, as it is in layers. */
  dottedKeys: boolean;
}

/** What is known while one document is being turned into a tree. */
interface Conversion extends Report {
  text: string;
  /** The last node of each anchor so far; `undefined` while the node itself is still being read. */
  anchors: Map<string, LayerNode | undefined>;
  aliasedValues: number;
  dottedKeys: boolean;
}

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
  const work: Conversion = { file, text, problems: [], anchors: new Map(), aliasedValues: 0, ...options };
  const { contents } = document;
  const root = contents === null || isEmptyScalar(contents) ? undefined : convertNode(work, contents);
  return { root, problems: work.problems };
}

/** Turns any node into a layer node. */
function convertNode(work: Conversion, node: Node): LayerNode {
  if (isAlias(node)) return convertAlias(work, node.source, nodeRange(node));
  const { anchor } = node as { anchor?: string };
  if (anchor !== undefined) work.anchors.set(anchor, undefined);
  const result = convertTagged(work, node);
  if (anchor !== undefined) work.anchors.set(anchor, result);
  return result;
}

function convertTagged(work: Conversion, node: Node): LayerNode {
  const range = rangeWithTag(work.text, node, nodeRange(node));
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
  const own: [string, Entry][] = [];
  for (const pair of node.items as Pair<Node | null, Node | null>[]) {
    const key = readKey(work, pair);
    if (key === undefined) continue;
    const value = convertValue(work, pair, key.range);
    if (isMergeKey(pair.key, value)) inherit(work, mapping, value, key.range);
    else own.push([key.text, { keyRange: key.range, value }]);
  }
  const inherited = new Set(mapping.entries.keys());
  for (const [key, entry] of own) {
    const parts = work.dottedKeys ? keyParts(key) : [key];
    addEntry(work, mapping, parts, entry, inherited);
  }
  return mapping;
}

/** A list; the elements of a `!set` or `!omap` come as pairs, which a layer cannot hold. */
function convertList(work: Conversion, node: YAMLSeq): ListNode {
  const items = (node.items as Node[]).filter((item) => !isPair(item)).map((item) => convertNode(work, item));
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
  if (isScalar(key)) return { text: keyText(key), range };
  const target = isAlias(key) ? work.anchors.get(key.source) : undefined;
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

function isMergeKey(key: Node | null, value: LayerNode): boolean {
  const plain = isScalar(key) && key.type === 'PLAIN' && key.source === '<<' && !hasStandardTag(key, 'str');
  return plain && (value.kind === 'mapping' || value.kind === 'list');
}

/**
 * Takes over the entries of the mappings behind a merge key: of several, the first that has a key gives it
 * (YAML's merge type, https://yaml.org/type/merge.html), and they come before the mapping's own keys, as
 * PyYAML puts them.
 */
function inherit(work: Conversion, mapping: MappingNode, value: LayerNode, key: Range): void {
  const sources = value.kind === 'list' ? value.items : [value];
  for (const source of sources) {
    if (source.kind !== 'mapping') {
      const message = `\`<<\` takes a mapping or a list of mappings, not a ${source.kind}`;
      work.problems.push(problem('yaml-syntax', { file: work.file, range: key }, message));
      continue;
    }
    for (const [name, entry] of source.entries) {
      if (!mapping.entries.has(name)) mapping.entries.set(name, { ...entry, inherited: true });
    }
  }
}

function convertAlias(work: Conversion, name: string, range: Range): LayerNode {
  const target = work.anchors.get(name);
  const refuse = (message: string): LayerNode => {
    work.problems.push(problem('yaml-syntax', { file: work.file, range }, message));
    return { kind: 'null', value: null, range };
  };
  if (!work.anchors.has(name)) return refuse(`no anchor \`&${name}\` stands before this alias`);
  if (target === undefined) return refuse(`\`*${name}\` stands inside of what it repeats`);
  work.aliasedValues += countValues(target, maxAliasedValues);
  if (work.aliasedValues <= maxAliasedValues) return { ...target, range };
  return refuse(`aliases stand for more than ${maxAliasedValues} values here: write the values out`);
}

/** How many values a node stands for, counted no further than the limit. */
function countValues(node: LayerNode, limit: number): number {
  let count = 1;
  const children = node.kind === 'mapping' ? [...node.entries.values()].map((entry) => entry.value) : [];
  for (const child of node.kind === 'list' ? node.items : children) {
    if (count > limit) return count;
    count += countValues(child, limit - count);
  }
  return count;
}

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.value === null && !node.source && node.tag === undefined;
}

/** The range of a node's own text, without the comments and line ends behind it. */
export function nodeRange(node: Node | null | undefined): Range {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 0 };
}

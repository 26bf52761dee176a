import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { lineBreakOf, lineStartAt } from '../../text/lineEnds.ts';
import type { Range } from '../../text/range.ts';
import type { YamlVersion } from '../../workspace/workspace.ts';
import type { ConvertOptions } from '../conversion.ts';
import { keyParts } from '../entries.ts';
import { parseDocuments } from '../parse.ts';

/** One key of a layer's text with its value, as it is written: what edits start from. */
export interface WrittenPair {
  /** The setting that it gives. */
  path: string[];
  /** The parts of its key. */
  parts: string[];
  /** The key, quotes included. */
  key: Range;
  quote: '' | '"' | "'";
  /** Where the value ends, without the comment behind it. */
  end: number;
  /** What the parser made of the value; `undefined` where nothing stands behind the key. */
  value: Node | undefined;
  /** The mapping that it stands in. */
  mapping: WrittenMapping;
  /** Its value, where that is a mapping. */
  inner?: WrittenMapping;
}

export interface WrittenMapping {
  /** It stands in braces. */
  flow: boolean;
  /** The braces of a flow mapping. */
  range: Range;
  pairs: WrittenPair[];
  /** The pair that has it as its value; `undefined` for the whole text. */
  owner?: WrittenPair;
}

/** A layer's text with its keys and values as they are written. */
export interface WrittenText {
  text: string;
  lineBreak: string;
  /** By how many columns a mapping stands further in than its key. */
  step: number;
  json: boolean;
  /** `undefined` where the text holds no mapping yet. */
  root: WrittenMapping | undefined;
  /** Where the anchors stand that some alias repeats. */
  repeated: number[];
}

/** Reads a text for an edit; `undefined` where it is broken or no mapping, so that nothing can be edited. */
export function readWritten(
  file: string,
  text: string,
  version: YamlVersion,
  { dottedKeys }: ConvertOptions = { dottedKeys: true },
): WrittenText | undefined {
  const [document] = parseDocuments(text, version);
  if (document !== undefined && document.errors.length > 0) return undefined;
  const contents = document?.contents ?? undefined;
  const written = {
    text,
    lineBreak: lineBreakOf(text),
    json: file.endsWith('.json'),
    repeated: repeatedAnchors(document),
  };
  if (contents === undefined || (isScalar(contents) && !contents.source && !hasProps(contents))) {
    return { ...written, step: 2, root: undefined };
  }
  if (!isMap(contents)) return undefined;
  const root = mappingOf(text, contents, undefined, dottedKeys ? keyParts : (key) => [key]);
  return { ...written, step: stepOf(text, root) ?? 2, root };
}

/** Every pair, those of inner mappings behind their owner. */
export function* allPairs(mapping: WrittenMapping | undefined): Generator<WrittenPair> {
  for (const pair of mapping?.pairs ?? []) {
    yield pair;
    yield* allPairs(pair.inner);
  }
}

/** The pairs that give a setting, whole. */
export function pairsOf({ root }: WrittenText, path: readonly string[]): WrittenPair[] {
  return [...allPairs(root)].filter(
    (pair) => pair.path.length === path.length && path.every((part, index) => part === pair.path[index]),
  );
}

/** The pair whose key stands at an offset. */
export function pairAt({ root }: WrittenText, offset: number): WrittenPair | undefined {
  return [...allPairs(root)].find(({ key }) => offset >= key.start && offset <= key.end);
}

/** The column that an offset stands in. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStartAt(text, offset);
}

/** Whether nothing but blanks stands before the pair on its line. */
export function startsLine(text: string, { key }: WrittenPair): boolean {
  return /^ *$/.test(text.slice(lineStartAt(text, key.start), key.start));
}

type Parts = (key: string) => string[];

function mappingOf(text: string, map: YAMLMap, owner: WrittenPair | undefined, parts: Parts): WrittenMapping {
  const [start = 0, end = 0] = map.range ?? [];
  const mapping: WrittenMapping = { flow: map.flow === true, range: { start, end }, pairs: [] };
  if (owner) mapping.owner = owner;
  for (const { key, value } of map.items as Pair<Node | null, Node | null>[]) {
    if (!isScalar(key) || !key.range) continue;
    mapping.pairs.push(pairOf(text, mapping, { key, range: key.range, value: value ?? undefined }, parts));
  }
  return mapping;
}

function pairOf(
  text: string,
  mapping: WrittenMapping,
  { key, range, value }: { key: Scalar; range: readonly number[]; value: Node | undefined },
  parts: Parts,
): WrittenPair {
  const [start = 0, end = 0] = range;
  const isPlain = key.type === 'PLAIN';
  const named = isPlain ? (key.source ?? '') : String(key.value);
  const own = isPlain && named === '<<' ? [named] : parts(named);
  const path = [...(mapping.owner?.path ?? []), ...own];
  const pair: WrittenPair = {
    path,
    parts: own,
    key: { start, end },
    quote: quoteOf(key),
    end: 0,
    value,
    mapping,
  };
  if (isMap(value)) pair.inner = mappingOf(text, value, pair, parts);
  pair.end = endOfPair(text, pair);
  return pair;
}

function quoteOf({ type }: Scalar): WrittenPair['quote'] {
  if (type === 'QUOTE_DOUBLE') return '"';
  return type === 'QUOTE_SINGLE' ? "'" : '';
}

function endOfPair(text: string, { key, value, inner }: WrittenPair): number {
  if (value?.range === undefined || value.range === null) return key.end;
  const lastInner = inner?.flow === false ? inner.pairs.at(-1)?.end : undefined;
  if (lastInner !== undefined) return lastInner;
  const [start, end] = value.range;
  const colon = text.indexOf(':', key.end) + 1;
  if (start === end && !hasProps(value)) return colon;
  return Math.max(colon, endOfNode(text, value, end));
}

/** The end of a value without what the parser counts to it: comments and line ends. */
function endOfNode(text: string, node: Node, end: number): number {
  if (isScalar(node)) {
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    const [start = 0] = node.range ?? [];
    if (isBlock && /^[|>]\d?\+/.test(text.slice(start, start + 3))) return end;
    return withoutBlanks(text, end);
  }
  const { items, flow } = node as { items?: (Node | Pair<Node, Node | null>)[]; flow?: boolean };
  const last = items?.at(-1);
  if (isAlias(node) || flow === true || last === undefined) return end;
  const inner = isPair(last) ? (last.value ?? last.key) : last;
  const innerEnd = inner.range?.[1] ?? end;
  return isEmptyNode(inner) ? withoutBlanks(text, innerEnd) : endOfNode(text, inner, innerEnd);
}

function isEmptyNode(node: Node): boolean {
  return node.range?.[0] === node.range?.[1];
}

function withoutBlanks(text: string, end: number): number {
  let last = end;
  while (last > 0 && /\s/.test(text[last - 1] ?? '')) last--;
  return last;
}

function hasProps(node: Node): boolean {
  const { tag, anchor } = node as { tag?: string; anchor?: string };
  return tag !== undefined || anchor !== undefined;
}

function repeatedAnchors(document: Document.Parsed | undefined): number[] {
  if (document === undefined) return [];
  const repeated = new Set<string>();
  visit(document as Document, { Alias: (_, alias) => void repeated.add(alias.source) });
  const places: number[] = [];
  visit(document as Document, {
    Node(_, node) {
      const { anchor, range } = node as { anchor?: string; range?: [number, number, number] };
      if (anchor !== undefined && repeated.has(anchor) && range) places.push(range[0]);
    },
  });
  return places;
}

/** The step of the first mapping that stands further in than its key. */
function stepOf(text: string, mapping: WrittenMapping): number | undefined {
  for (const { inner, key } of allPairs(mapping)) {
    const first = inner?.pairs[0];
    if (first === undefined || !startsLine(text, first)) continue;
    const line = lineStartAt(text, key.start);
    const step = columnOf(text, first.key.start) - (/^ */.exec(text.slice(line))?.[0].length ?? 0);
    if (step > 0) return step;
  }
  const [first] = mapping.pairs;
  return mapping.flow && first && startsLine(text, first)
    ? columnOf(text, first.key.start) || undefined
    : undefined;
}

import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import { hashNode } from './hash.ts';
import type { PathTable } from './pathTable.ts';

/**
 * What a layer names, without what it says: for every setting its path, places, type and a hash of its value, in the
 * order of the tree. A tenth of the size of the tree, so those of all layers can be kept.
 */
export type Facts = Int32Array<ArrayBuffer>;

/** How many numbers one setting has, and which. */
export const stride = 8;
export const field = {
  path: 0,
  keyStart: 1,
  keyEnd: 2,
  start: 3,
  end: 4,
  kind: 5,
  hash: 6,
  hash2: 7,
} as const;

/** The types of values by their numbers; the number stands in the lowest four bits of `kind`. */
export const kinds: readonly LayerNode['kind'][] = [
  'mapping',
  'list',
  'string',
  'integer',
  'float',
  'boolean',
  'null',
  'missing',
  'deleted',
];
const kindNumbers = new Map(kinds.map((kind, number) => [kind, number]));
export const kindBits = 15;

/** What else is told of a value, in the further bits of `kind`. */
export const flag = {
  /** A list with `!replace`. */
  replace: 16,
  /** A list without elements. */
  empty: 32,
  /** A placeholder stands somewhere in the list. */
  holdsMissing: 64,
  /** An anchor stands before or in the value: an alias may need it. */
  holdsAnchor: 128,
  /** The key's place gives more than one setting, by an alias or `<<`. */
  shared: 256,
} as const;

/** Whether the setting whose facts stand at a place is a mapping. */
export function isMappingAt(facts: Facts, at: number): boolean {
  return ((facts[at + field.kind] ?? 0) & kindBits) === 0;
}

/**
 * Gathers the facts of a layer.
 * @param more for how many numbers beside the facts there is to be room in their buffer.
 */
export function factsOf(paths: PathTable, root: MappingNode, text: string, more = 0): Facts {
  const length = countEntries(root) * stride;
  const buffer = new ArrayBuffer((length + more) * Int32Array.BYTES_PER_ELEMENT);
  const facts = new Int32Array(buffer, 0, length);
  const hasAnchors = text.includes('&');
  const writer: Writer = { paths, facts, at: 0, text: hasAnchors ? text : undefined };
  writeMapping(writer, root, 0, -1);
  if (hasAnchors) markShared(facts);
  return facts;
}

interface Writer {
  paths: PathTable;
  facts: Facts;
  at: number;
  /** The text, where it has anchors. */
  text: string | undefined;
}

function countEntries(mapping: MappingNode): number {
  let count = mapping.entries.size;
  for (const { value } of mapping.entries.values())
    if (value.kind === 'mapping') count += countEntries(value);
  return count;
}

/** @param above where the facts of the mapping itself stand; negative for the root. */
function writeMapping(writer: Writer, mapping: MappingNode, parent: number, above: number): void {
  const { facts, paths, text } = writer;
  for (const [key, { keyRange, value }] of mapping.entries) {
    const id = paths.child(parent, key);
    const { at } = writer;
    facts[at + field.path] = id;
    facts[at + field.keyStart] = keyRange.start;
    facts[at + field.keyEnd] = keyRange.end;
    facts[at + field.start] = value.range.start;
    facts[at + field.end] = value.range.end;
    const anchor =
      text !== undefined && holdsAnchor(text, keyRange.end, value.range.end) ? flag.holdsAnchor : 0;
    facts[at + field.kind] = kindOf(value) | anchor;
    if (value.kind !== 'mapping') {
      const [one, other] = hashNode(value);
      facts[at + field.hash] = one;
      facts[at + field.hash2] = other;
    }
    // A dotted key in quotes: all of its parts have one place.
    if (above >= 0 && facts[above + field.keyStart] === keyRange.start) share(facts, above, at);
    writer.at += stride;
    if (value.kind === 'mapping') writeMapping(writer, value, id, at);
  }
}

function kindOf(value: LayerNode): number {
  const kind = kindNumbers.get(value.kind) ?? 0;
  if (value.kind !== 'list') return kind;
  const empty = value.items.length === 0 ? flag.empty : 0;
  const missing = value.items.some(hasMissing) ? flag.holdsMissing : 0;
  return kind | (value.replace ? flag.replace : 0) | empty | missing;
}

function hasMissing(node: LayerNode): boolean {
  if (node.kind === 'missing') return true;
  if (node.kind === 'list') return node.items.some(hasMissing);
  return node.kind === 'mapping' && [...node.entries.values()].some((entry) => hasMissing(entry.value));
}

/** Whether an anchor stands between two places of a text. */
export function holdsAnchor(text: string, start: number, end: number): boolean {
  return /[\s:,[{]&[\w-]/.test(text.slice(start, end));
}

/** Marks the keys whose place another setting has as well. */
function markShared(facts: Facts): void {
  const seen = new Map<number, number>();
  for (let at = 0; at < facts.length; at += stride) {
    const start = facts[at + field.keyStart] ?? 0;
    const first = seen.get(start);
    if (first === undefined) {
      seen.set(start, at);
      continue;
    }
    share(facts, first, at);
  }
}

function share(facts: Facts, ...places: number[]): void {
  for (const at of places) facts[at + field.kind] = (facts[at + field.kind] ?? 0) | flag.shared;
}

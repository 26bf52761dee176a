import type { Range } from '../text/range.ts';

/** A layer's contribution, as plain data: the YAML document without its syntax, with its places. */
export type LayerNode = (MappingNode | ListNode | ScalarNode | MissingNode | DeletedNode) & {
  /** What is known of the node without looking at what it says (`core/index/factNode.ts`). */
  known?: KnownFacts;
};

/** What the index of a workspace knows of a value. */
export interface KnownFacts {
  /** Of what it says (`core/index/hash.ts`); 0 for a mapping. Two nodes of which both are equal say the same. */
  hash: number;
  hash2: number;
  /** It is a list without elements. */
  isEmpty: boolean;
  /** It is a list with a placeholder somewhere in it. */
  holdsMissing: boolean;
  /** An anchor stands before it or in it. */
  holdsAnchor: boolean;
  /** Its key gives another setting as well, by an alias or `<<`. */
  isShared: boolean;
}

export interface MappingNode {
  kind: 'mapping';
  range: Range;
  /** In the order of the file; a dotted key is already the nested path. */
  entries: Map<string, Entry>;
}

/** One key of a mapping and what stands behind it. */
export interface Entry {
  /** The key, or the part of a dotted key that names this level. */
  keyRange: Range;
  value: LayerNode;
  /** It came through a merge key `<<`, so its places lie elsewhere in the file. */
  inherited?: true;
  /** It is the upper part of a dotted key, so the same key may stand in the file again. */
  dotted?: true;
  /** The other places of the key, where dotted keys give parts of one mapping: `db.host` and further down `db.port`. */
  also?: Range[];
}

export interface ListNode {
  kind: 'list';
  range: Range;
  items: LayerNode[];
  /** `!replace`: it takes the place of the list below instead of being appended. */
  replace: boolean;
  known?: KnownFacts;
}

/** A scalar; integers are exact, whatever their size. */
export type ScalarNode = { range: Range } & (
  | { kind: 'string'; value: string }
  | { kind: 'integer'; value: bigint }
  | { kind: 'float'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null'; value: null }
);

/** `!missing why`: a higher layer must give the value. */
export interface MissingNode {
  kind: 'missing';
  range: Range;
  reason: string;
}

/** `!deleted`: the setting and all below it goes away. */
export interface DeletedNode {
  kind: 'deleted';
  range: Range;
}

/** A mapping with nothing in it. */
export function emptyMapping(range: Range): MappingNode {
  return { kind: 'mapping', range, entries: new Map() };
}

/** A list that takes the place of the one below, with its tag `!replace` standing at `start`. */
export function replacing(list: ListNode, start: number): ListNode {
  return { ...list, range: { start, end: list.range.end }, replace: true };
}

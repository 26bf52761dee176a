import type { Range } from '../text/range.ts';
import { type Entry, emptyMapping, type KnownFacts, type LayerNode } from '../yaml/tree.ts';
import { field, flag, kindBits, kinds } from './facts.ts';
import type { FactTreeOptions } from './factTree.ts';

/**
 * A node of which place and type are known, and the rest is looked up when it is asked for. The getters stand in a
 * class because there are a great many of these nodes.
 */
class FactNode {
  readonly kind: LayerNode['kind'];
  readonly range: Range;
  readonly replace: boolean;
  readonly #options: FactTreeOptions;
  readonly #at: number;

  constructor(options: FactTreeOptions, at: number) {
    const { facts } = options;
    const kind = facts[at + field.kind] ?? 0;
    this.kind = kinds[kind & kindBits] ?? 'null';
    this.range = { start: facts[at + field.start] ?? 0, end: facts[at + field.end] ?? 0 };
    this.replace = (kind & flag.replace) !== 0;
    this.#options = options;
    this.#at = at;
  }

  get known(): KnownFacts {
    return knownAt(this.#options, this.#at);
  }

  get value(): unknown {
    const node = this.#whole();
    return node !== undefined && 'value' in node ? node.value : null;
  }

  get items(): LayerNode[] {
    const node = this.#whole();
    return node?.kind === 'list' ? node.items : [];
  }

  get reason(): string {
    const node = this.#whole();
    return node?.kind === 'missing' ? node.reason : '';
  }

  /** The node of the layer's own tree; `undefined` or another one where the file has changed meanwhile. */
  #whole(): LayerNode | undefined {
    const { root, paths, facts } = this.#options;
    let node: LayerNode = root();
    for (const key of paths.path(facts[this.#at + field.path] ?? 0)) {
      const entry: Entry | undefined = node.kind === 'mapping' ? node.entries.get(key) : undefined;
      if (entry === undefined) return undefined;
      node = entry.value;
    }
    return node;
  }
}

/** The node whose facts stand at a place; a mapping comes without its entries. */
export function factNode(options: FactTreeOptions, at: number): LayerNode {
  const { facts } = options;
  const kind = (facts[at + field.kind] ?? 0) & kindBits;
  if (kind !== 0) return new FactNode(options, at) as unknown as LayerNode;
  const mapping = emptyMapping({ start: facts[at + field.start] ?? 0, end: facts[at + field.end] ?? 0 });
  return { ...mapping, known: knownAt(options, at) };
}

function knownAt({ facts }: FactTreeOptions, at: number): KnownFacts {
  const kind = facts[at + field.kind] ?? 0;
  return {
    hash: facts[at + field.hash] ?? 0,
    hash2: facts[at + field.hash2] ?? 0,
    isEmpty: (kind & flag.empty) !== 0,
    holdsMissing: (kind & flag.holdsMissing) !== 0,
    holdsAnchor: (kind & flag.holdsAnchor) !== 0,
    isShared: (kind & flag.shared) !== 0,
  };
}

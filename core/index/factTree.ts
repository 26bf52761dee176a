import { emptyMapping, type MappingNode } from '../yaml/tree.ts';
import { factNode } from './factNode.ts';
import { type Facts, field, isMappingAt, stride } from './facts.ts';
import type { PathTable } from './pathTable.ts';

/** Whether a setting is wanted with all that lies below it, by itself, or not at all. */
export type Wants = (path: number, parent: number) => 'all' | 'own' | 'none';

const everything: Wants = () => 'all';

/** How a tree is made of facts. */
export interface FactTreeOptions {
  paths: PathTable;
  facts: Facts;
  /** Gives the layer's own tree, where a value is looked up. */
  root: () => MappingNode;
  wants?: Wants;
}

interface Open {
  path: number;
  mapping: MappingNode;
  whole: boolean;
}

const nowhere = { start: 0, end: 0 };

/**
 * A layer's tree, made of its facts: the same nodes with the same places. What they say is looked up in the layer only
 * when it is asked for. Parts that are not wanted are left out.
 */
export function factTree(options: FactTreeOptions): MappingNode {
  const { paths, facts, wants = everything } = options;
  const tree = emptyMapping(nowhere);
  const open: Open[] = [{ path: 0, mapping: tree, whole: wants === everything }];
  const left = new Set<number>();
  for (let at = 0; at < facts.length; at += stride) {
    const path = facts[at + field.path] ?? 0;
    const parent = paths.parent(path);
    const above = left.has(parent) ? undefined : closeUpTo(open, parent);
    const wanted = above === undefined ? 'none' : wantedOf(above, wants(path, parent));
    if (above !== undefined && wanted !== 'none') addTo(above.mapping, options, at, open, wanted === 'all');
    else if (isMappingAt(facts, at)) left.add(path);
  }
  return tree;
}

function wantedOf(above: Open, own: ReturnType<Wants>): ReturnType<Wants> {
  return above.whole ? 'all' : own;
}

function addTo(
  mapping: MappingNode,
  options: FactTreeOptions,
  at: number,
  open: Open[],
  whole: boolean,
): void {
  const { facts, paths } = options;
  const path = facts[at + field.path] ?? 0;
  const value = factNode(options, at);
  const keyRange = { start: facts[at + field.keyStart] ?? 0, end: facts[at + field.keyEnd] ?? 0 };
  mapping.entries.set(paths.key(path), { keyRange, value });
  if (value.kind === 'mapping') open.push({ path, mapping: value, whole });
}

/** The mapping that a key belongs to: those that stand before it in the order of the tree are done. */
function closeUpTo(open: Open[], parent: number): Open | undefined {
  while (open.length > 1 && open.at(-1)?.path !== parent) open.pop();
  return open.at(-1);
}

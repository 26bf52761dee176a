import { emptyMapping, type MappingNode } from '../yaml/tree.ts';

/** Settings by their keys; one without any below it is wanted whole. */
export type Wanted = Map<string, Wanted>;

/** Adds a setting to those that are wanted. */
export function want(wanted: Wanted, path: readonly string[]): void {
  let at = wanted;
  for (const key of path) {
    const below: Wanted = at.get(key) ?? new Map();
    at.set(key, below);
    at = below;
  }
}

/** The mapping cut down to what is wanted of it: merging such parts costs what they hold. */
export function cutTo(root: MappingNode, wanted: Wanted): MappingNode {
  const part = emptyMapping(root.range);
  for (const [key, below] of wanted) {
    const entry = root.entries.get(key);
    if (entry === undefined) continue;
    const { value } = entry;
    const isCut = value.kind === 'mapping' && below.size > 0;
    part.entries.set(key, isCut ? { ...entry, value: cutTo(value, below) } : entry);
  }
  return part;
}

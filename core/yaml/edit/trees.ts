import { type Entry, emptyMapping, type MappingNode } from '../tree.ts';

/** The mapping with a setting in it; the mappings on the way are made where they are not there. */
export function withSetting(root: MappingNode, path: readonly string[], entry: Entry): MappingNode {
  const [key, ...rest] = path;
  if (key === undefined) return root;
  const there = root.entries.get(key);
  const below = there?.value.kind === 'mapping' ? there.value : emptyMapping(entry.value.range);
  const inner = { ...(there ?? entry), value: withSetting(below, rest, entry) };
  return { ...root, entries: new Map([...root.entries, [key, rest.length === 0 ? entry : inner]]) };
}

/** The mapping without a setting, and without the mappings that are empty then. */
export function withoutSetting(root: MappingNode, path: readonly string[]): MappingNode {
  const [key, ...rest] = path;
  const entry = key === undefined ? undefined : root.entries.get(key);
  if (key === undefined || entry === undefined) return root;
  const below = entry.value.kind === 'mapping' ? withoutSetting(entry.value, rest) : emptyMapping(root.range);
  const entries = new Map(root.entries);
  if (rest.length === 0 || below.entries.size === 0) entries.delete(key);
  else entries.set(key, { ...entry, value: below });
  return { ...root, entries };
}

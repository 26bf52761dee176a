import { problem } from '../problem.ts';
import type { Range } from '../text/range.ts';
import { type Conversion, maxDepth } from './conversion.ts';
import { addEntry, keyParts } from './entries.ts';
import type { Entry, LayerNode, MappingNode } from './tree.ts';

/** One key of a mapping as it is written, with what stands behind it. */
export interface WrittenEntry {
  text: string;
  range: Range;
  value: LayerNode;
  /** It is `<<` without quotes: what stands behind it is taken over. */
  merges: boolean;
}

/** The parts of a written key, one a level. */
export function partsOf(work: Conversion, key: string): string[] {
  return work.dottedKeys ? keyParts(key) : [key];
}

/** Puts the entries of a mapping together: what merge keys take over first, then its own in their order. */
export function fillMapping(work: Conversion, mapping: MappingNode, written: readonly WrittenEntry[]): void {
  for (const { merges, value, range } of written) {
    if (merges) inherit(work, mapping, value, range);
  }
  const assembly = {
    report: work,
    replaceable: new Set(mapping.entries.keys()),
    made: new Set<MappingNode>(),
  };
  for (const { text, range, value, merges } of written) {
    const parts = merges ? [] : partsOf(work, text);
    if (merges || work.depth + parts.length > maxDepth) continue;
    const entry: Entry = { keyRange: range, value };
    addEntry(assembly, mapping, parts, entry);
  }
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

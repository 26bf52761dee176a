import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { Layer } from '../yaml/layer.ts';
import type { Entry, LayerNode, MappingNode } from '../yaml/tree.ts';
import type { Definition } from './definition.ts';

/** A setting as one layer has it. */
export interface Named {
  /** Every place of the key: more than one where dotted keys give its parts. */
  keys: Range[];
  node: LayerNode;
}

/** Where a layer names a setting; `undefined` if it does not. */
export function namedIn(root: MappingNode, path: readonly string[]): Named | undefined {
  const entry = entryAt(root, path);
  return entry && { keys: [entry.keyRange, ...(entry.also ?? [])], node: entry.value };
}

/** The places of a layer that speak of a setting: its key, or that of a mapping above that is taken away. */
export function saidIn(root: MappingNode, path: readonly string[]): Named | undefined {
  for (let length = 1; length < path.length; length++) {
    const entry = entryAt(root, path.slice(0, length));
    if (entry?.value.kind === 'deleted') return { keys: [entry.keyRange], node: entry.value };
  }
  return namedIn(root, path);
}

/** The layer of a file if it can speak of the setting: others are not parsed for the question. */
export function layerThatMaySay(model: Model, file: string, path: readonly string[]): Layer | undefined {
  const known = model.store.maySay(file, path);
  if (known !== undefined) return known ? model.layer(file) : undefined;
  const content = model.read(file);
  if (content === undefined || 'error' in content) return undefined;
  const { text } = content;
  // A key stands in the text as it is, unless it is written with escapes.
  const may = text.includes(path.at(-1) ?? '') || text.includes('\\') || text.includes('!deleted');
  return may ? model.layer(file) : undefined;
}

/** The key of a setting with its value, as places to go to. */
export function placesOf(file: string, { keys, node }: Named): Definition[] {
  return keys.map((keyRange, index) => {
    const end = index === 0 ? Math.max(keyRange.end, node.range.end) : keyRange.end;
    return { file, keyRange, range: { start: keyRange.start, end } };
  });
}

function entryAt(root: MappingNode, path: readonly string[]): Entry | undefined {
  let entry: Entry | undefined;
  let node: LayerNode = root;
  for (const key of path) {
    entry = node.kind === 'mapping' ? node.entries.get(key) : undefined;
    if (entry === undefined) return undefined;
    node = entry.value;
  }
  return entry;
}

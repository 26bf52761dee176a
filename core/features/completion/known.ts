import type { Context } from '../../layers/context.ts';
import type { Model } from '../../workspace/model.ts';
import type { Layer } from '../../yaml/layer.ts';
import type { Entry, LayerNode, MappingNode } from '../../yaml/tree.ts';
import { focusOn } from '../focus.ts';

/** A layer beside the one that is typed in. */
export interface OtherLayer {
  layer: Layer;
  /** It stands below in the stack of the active context. */
  lower: boolean;
}

/** How many contexts of further apps are looked at, for a layer that many apps read: completion must be quick. */
const mostContexts = 24;

/**
 * The other layers of the stacks that read a file: those below it in the active context first, lowest first, then the
 * rest.
 */
export function otherLayers(model: Model, file: string, chosen: Context | undefined): OtherLayer[] {
  const focus = focusOn(model, file, chosen);
  if (focus === undefined) return [];
  const found = new Map<string, OtherLayer>();
  const active = model.stack(focus.active);
  const own = active.findIndex((one) => one.file === file);
  active.forEach(({ file: other, layer }, index) => {
    found.set(other, { layer, lower: index < own });
  });
  const readers = model.readers(file);
  const others = readers.filter((of) => of.app !== focus.app).slice(0, mostContexts);
  for (const of of [...readers.filter((one) => one.app === focus.app), ...others]) {
    for (const { file: other, layer } of model.stack(of)) {
      if (!found.has(other)) found.set(other, { layer, lower: false });
    }
  }
  found.delete(file);
  found.delete('');
  return [...found.values()].sort((a, b) => Number(b.lower) - Number(a.lower));
}

/** What a layer gives at a path, with its key. */
export function entryOf(root: MappingNode, path: readonly string[]): Entry | undefined {
  const above = mappingOf(root, path.slice(0, -1));
  return above?.entries.get(path.at(-1) ?? '');
}

/** The mapping that a layer has at a path; of the empty path its whole. */
export function mappingOf(root: MappingNode, path: readonly string[]): MappingNode | undefined {
  let node: LayerNode | undefined = root;
  for (const key of path) node = node?.kind === 'mapping' ? node.entries.get(key)?.value : undefined;
  return node?.kind === 'mapping' ? node : undefined;
}

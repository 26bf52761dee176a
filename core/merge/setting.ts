import type { StackFile } from '../layers/stack.ts';
import type { Range } from '../text/range.ts';
import type { Layer } from '../yaml/layer.ts';
import type { LayerNode, ListNode, MissingNode, ScalarNode } from '../yaml/tree.ts';

/** A layer in its place of a stack. */
export interface StackLayer extends StackFile {
  layer: Layer;
}

/**
 * What a layer did to a setting: gave it or took the place of a lower value (`set`), merged a mapping into
 * the one below, appended to or replaced the list below, took it away, marked it as to be given by a higher
 * layer, or was refused because its type differs from that below.
 */
export type Action = 'set' | 'merge' | 'append' | 'replace' | 'delete' | 'require' | 'refused';

/** One layer's say on a setting. */
export interface Say {
  /** The layer's index in the stack. */
  layer: number;
  action: Action;
  /** The key, or that of the mapping above which the layer took away. */
  keyRange: Range;
  node: LayerNode;
}

/** A setting of the merged configuration with all that was said of it, lowest layer first. */
export interface Setting {
  /** The effective value; `undefined` when the last word took the setting away. */
  value: EffectiveValue | undefined;
  says: Say[];
  /** What stood below it when it was taken away: told again should it come back. */
  gone?: Map<string, Setting>;
}

export type EffectiveValue = EffectiveMapping | EffectiveList | EffectiveScalar | EffectiveMissing;

export interface EffectiveMapping {
  kind: 'mapping';
  /** In the order of configuration.json. Settings that were taken away stay, without a value. */
  entries: Map<string, Setting>;
}

export interface EffectiveList {
  kind: 'list';
  /** The lists that it was put together from, lowest first, each with its layer. */
  parts: readonly { list: ListNode; layer: number }[];
  /** Each element with the layer that it came from. */
  readonly items: { node: LayerNode; layer: number }[];
}

/** A list of the elements of some layers' lists; those are looked at only when asked for. */
export function effectiveList(parts: EffectiveList['parts']): EffectiveList {
  const list: LazyList = Object.create(lazyItems);
  list.kind = 'list';
  list.parts = parts;
  list.made = undefined;
  return list;
}

interface LazyList extends EffectiveList {
  made: EffectiveList['items'] | undefined;
}

/** Shared by all lists: a getter for each would cost more than the rest of its merge. */
const lazyItems: Pick<EffectiveList, 'items'> & ThisType<LazyList> = {
  get items() {
    this.made ??= this.parts.flatMap(({ list, layer }) => list.items.map((node) => ({ node, layer })));
    return this.made;
  },
};

export interface EffectiveScalar {
  kind: ScalarNode['kind'];
  node: ScalarNode;
  layer: number;
}

export interface EffectiveMissing {
  kind: 'missing';
  node: MissingNode;
  layer: number;
}

/** The last say that counted: the one that made the setting what it is. */
export function winningSay(setting: Setting): Say | undefined {
  return setting.says.findLast((say) => say.action !== 'refused');
}

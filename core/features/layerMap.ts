import type { Context } from '../layers/context.ts';
import { mergeStack } from '../merge/merge.ts';
import { settingAtPath } from '../merge/resolve.ts';
import { type EffectiveMapping, type Setting, type StackLayer, winningSay } from '../merge/setting.ts';
import { folderOf, relativePath } from '../text/paths.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { contextsOf } from '../workspace/workspace.ts';

/** Which layers speak of which parts of an app's configuration, and which of them win, in every context that it is deployed to. */
export interface LayerMap {
  contexts: Context[];
  /** The layers that some context loads, lowest first. */
  layers: MapLayer[];
  /** The top-level settings that some context has, in their order; in place of a mapping, the settings in it. */
  sections: MapSection[];
}

export interface MapLayer {
  slot: string;
  file: string;
  /** The beginning of its path that no other of the same slot has: `configs`, `apps/…`; `null` where no other has that slot. */
  place: string | null;
}

export interface MapSection {
  path: string[];
  /** The layers that speak of it, lowest first. */
  cells: MapCell[];
}

/** What one layer says of a section. */
export interface MapCell {
  /** Its index among the layers of the map. */
  layer: number;
  /** The first key that it says something with. */
  keyRange: Range;
  /** For each context that loads it: how many settings it speaks of, and of how many its word is the last. */
  contexts: { context: number; given: number; won: number }[];
}

/** Draws up the map of an app. */
export function layerMap(model: Model, app: string): LayerMap {
  const contexts = contextsOf(model.workspace, app);
  const merged = contexts.map((of) => {
    const stack = model.stack(of);
    return { stack, root: mergeStack(stack, model.workspace.merge).root };
  });
  const layers = layersInOrder(merged.map(({ stack }) => stack));
  const indexes = new Map(layers.map(({ file }, index) => [file, index]));
  const sections = sectionPaths(merged).map((path) => section(merged, indexes, path));
  const placed = layers.map((layer) => ({
    ...layer,
    place: placeAmong(model.workspace.root, layer, layers),
  }));
  return { contexts, layers: placed, sections: sections.filter(({ cells }) => cells.length > 0) };
}

type LayerFile = Omit<MapLayer, 'place'>;

/** All layers of some stacks so that each stack's order holds; the built-in one left out. */
function layersInOrder(stacks: readonly StackLayer[][]): LayerFile[] {
  const order: LayerFile[] = [];
  for (const stack of stacks) {
    let at = order.length;
    for (const { slot, file } of stack.filter((one) => one.file !== '').reverse()) {
      const known = order.findIndex((one) => one.file === file);
      if (known === -1) order.splice(at, 0, { slot, file });
      else at = known;
    }
  }
  return order;
}

/** An app may have a layer of a name both among its own and among those of all apps. */
function placeAmong(root: string, { slot, file }: LayerFile, layers: readonly LayerFile[]): string | null {
  const partsOf = (path: string) => relativePath(root, folderOf(path)).split('/');
  const others = layers
    .filter((one) => one.slot === slot && one.file !== file)
    .map((one) => partsOf(one.file));
  if (others.length === 0) return null;
  const own = partsOf(file);
  const lengths = own.map((_, index) => index + 1);
  const isAlone = (length: number) =>
    others.every((parts) => parts.slice(0, length).join('/') !== own.slice(0, length).join('/'));
  const length = lengths.find(isAlone) ?? own.length;
  return `${own.slice(0, length).join('/')}${length < own.length ? '/…' : ''}`;
}

/** Two levels deep: the first one often holds no more than an app's name and `common`. */
function sectionPaths(merged: readonly MergedContext[]): string[][] {
  const paths = new Map<string, string[]>();
  const add = (path: string[]) => paths.set(JSON.stringify(path), path);
  for (const { root } of merged) {
    for (const [key, { value }] of root.entries) {
      const below = value?.kind === 'mapping' ? [...value.entries.keys()] : [];
      if (below.length === 0) add([key]);
      for (const one of below) add([key, one]);
    }
  }
  // A key that a later context adds stands beside those of its mapping.
  const keys = [...new Set(merged.flatMap(({ root }) => [...root.entries.keys()]))];
  const order = new Map(keys.map((key, index) => [key, index]));
  const place = ([key = '']: string[]) => order.get(key) ?? 0;
  return [...paths.values()].sort((one, other) => place(one) - place(other));
}

interface MergedContext {
  stack: readonly StackLayer[];
  root: EffectiveMapping;
}

function section(
  merged: readonly MergedContext[],
  indexes: ReadonlyMap<string, number>,
  path: string[],
): MapSection {
  const cells = new Map<number, MapCell>();
  for (const [context, { stack, root }] of merged.entries()) {
    const setting = settingAtPath(root.entries, path);
    if (setting === undefined) continue;
    for (const [layer, { given, won, keyRange }] of countsOf(setting)) {
      const index = indexes.get(stack[layer]?.file ?? '');
      if (index === undefined) continue;
      const cell = cells.get(index) ?? { layer: index, keyRange, contexts: [] };
      cell.contexts.push({ context, given, won });
      cells.set(index, cell);
    }
  }
  return { path, cells: [...cells.values()].sort((one, other) => one.layer - other.layer) };
}

interface Counts {
  given: number;
  won: number;
  keyRange: Range;
}

/** How often each layer of a stack speaks of a setting and of those below it, and how often its word is the last. */
function countsOf(setting: Setting, counts: Map<number, Counts> = new Map()): Map<number, Counts> {
  const { value, says } = setting;
  const below = value?.kind === 'mapping' ? [...value.entries.values()] : [];
  if (below.length > 0) {
    for (const one of below) countsOf(one, counts);
    return counts;
  }
  const winners =
    value?.kind === 'list' ? value.parts.map(({ layer }) => layer) : [winningSay(setting)?.layer];
  for (const { layer, action, keyRange } of says) {
    if (action === 'refused') continue;
    const known = counts.get(layer) ?? { given: 0, won: 0, keyRange };
    const first = keyRange.start < known.keyRange.start ? keyRange : known.keyRange;
    const won = known.won + (winners.includes(layer) ? 1 : 0);
    counts.set(layer, { given: known.given + 1, won, keyRange: first });
  }
  return counts;
}

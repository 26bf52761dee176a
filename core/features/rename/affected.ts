import { builtInSlot } from '../../layers/builtIn.ts';
import type { Model } from '../../workspace/model.ts';
import { buildContextsOf, contextsOf } from '../../workspace/workspace.ts';
import type { Layer } from '../../yaml/layer.ts';
import type { Entry, MappingNode } from '../../yaml/tree.ts';

/** What a rename of a setting concerns. */
export interface Affected {
  /** The apps whose effective configuration has the setting under its new name afterwards. */
  apps: ReadonlySet<string>;
  /** All layers of these apps, whether they name the setting or not. */
  layers: readonly Layer[];
}

/**
 * The layers and apps that share a setting: all layers of the given apps and, where one that names the setting is read by
 * further apps, all layers of those, and so on.
 */
export function affectedBy(
  model: Model,
  path: readonly string[],
  { apps: first, file }: { apps: readonly string[]; file: string },
): Affected {
  const apps = new Set<string>();
  const layers = new Map<string, Layer>();
  const own = first.length === 0 ? model.layer(file) : undefined;
  if (own) layers.set(file, own);
  const waiting = [...first];
  for (let app = waiting.pop(); app !== undefined; app = waiting.pop()) {
    if (apps.has(app)) continue;
    apps.add(app);
    for (const [key, layer] of layersOf(model, app)) {
      if (layers.has(key)) continue;
      layers.set(key, layer);
      if (entryAt(layer.root, path)) waiting.push(...model.readers(layer.file).map((of) => of.app));
    }
  }
  return { apps, layers: [...layers.values()] };
}

/** Every layer that some context of the app reads; of the built-in ones, one for each mode. */
function layersOf({ workspace, stack }: Model, app: string): [string, Layer][] {
  const contexts = [...contextsOf(workspace, app), ...buildContextsOf(workspace, app)];
  return contexts.flatMap((of) =>
    stack(of).map(({ slot, file, layer }): [string, Layer] => [
      slot === builtInSlot ? `${slot} ${of.mode}` : file,
      layer,
    ]),
  );
}

/** The entry of a setting in one layer. */
export function entryAt(root: MappingNode, path: readonly string[]): Entry | undefined {
  return entriesOn(root, path)[path.length - 1];
}

/** The entries on the way to a setting, as far as the layer has them. */
export function entriesOn(root: MappingNode, path: readonly string[]): Entry[] {
  const [key, ...rest] = path;
  const entry = key === undefined ? undefined : root.entries.get(key);
  if (entry === undefined) return [];
  return [entry, ...(entry.value.kind === 'mapping' ? entriesOn(entry.value, rest) : [])];
}

import { baseName } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import type { IndexedSetting, SettingIndex } from '../workspace/settingIndex.ts';
import type { LayerNode } from '../yaml/tree.ts';
import type { Definition } from './definition.ts';
import { namedIn, placesOf } from './naming.ts';

/** A setting of the workspace, once, at the lowest layer that names it. */
export interface WorkspaceSymbol {
  /** Its dotted name. */
  name: string;
  kind: LayerNode['kind'];
  place: Definition;
  /** The names of the layers that name it, the lowest first. */
  layers: string[];
}

/** How many symbols one answer holds. */
export const mostSymbols = 500;

/**
 * The settings whose dotted names fit a query, the best first: those that are called so, those of which a part
 * starts so, those that hold it, and those that have its letters in this order. Case does not count.
 */
export function workspaceSymbols(model: Model, query: string, index: SettingIndex): WorkspaceSymbol[] {
  const { settings } = index.of(model);
  return bestMatches(settings(), query.toLowerCase()).flatMap(({ name, path, files }) => {
    const layers = files();
    const [lowest] = layers;
    const layer = lowest === undefined ? undefined : model.layerIfRead(lowest);
    const named = layer && namedIn(layer.root, path());
    const place = layer && named && placesOf(layer.file, named)[0];
    if (named === undefined || place === undefined) return [];
    return [{ name, kind: named.node.kind, place, layers: layers.map(layerName) }];
  });
}

function layerName(file: string): string {
  return baseName(file).replace(/\.[^.]+$/, '');
}

/** The best matches; among those that match equally well, shorter names come first. */
function bestMatches(settings: readonly IndexedSetting[], query: string): IndexedSetting[] {
  const fits = matcher(query);
  const buckets = new Map<number, IndexedSetting[]>();
  for (const found of settings) {
    const rank = fits(found.lowerCase);
    if (rank === undefined) continue;
    const key = rank * 10_000 + Math.min(found.name.length, 9_999);
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [found]);
    else bucket.push(found);
  }
  const best: IndexedSetting[] = [];
  for (const [, bucket] of [...buckets].sort(([one], [other]) => one - other)) {
    if (best.length >= mostSymbols) break;
    best.push(...bucket.sort((one, other) => (one.name < other.name ? -1 : 1)).slice(0, mostSymbols));
  }
  return best.slice(0, mostSymbols);
}

/** Tells how well a name fits, 0 best; `undefined` for one that does not. */
function matcher(query: string): (name: string) => number | undefined {
  const part = `.${query}`;
  return (name) => {
    const at = name.indexOf(query);
    if (at === -1) return isSubsequence(query, name) ? 3 : undefined;
    if (name === query || name.endsWith(part)) return 0;
    return at === 0 || name.includes(part) ? 1 : 2;
  };
}

function isSubsequence(letters: string, name: string): boolean {
  let from = 0;
  for (let at = 0; at < letters.length; at++) {
    const found = name.indexOf(letters[at] ?? '', from);
    if (found === -1) return false;
    from = found + 1;
  }
  return true;
}

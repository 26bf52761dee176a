import { type Facts, factsOf, field, isMappingAt, stride } from '../index/facts.ts';
import { hashText } from '../index/hash.ts';
import { type PathTable, pathTable } from '../index/pathTable.ts';
import { type Postings, postings } from '../index/postings.ts';
import type { FileText, LayerSource } from '../source.ts';
import { type LineIndex, type LineStarts, lineStarts, positionAt } from '../text/lines.ts';
import type { Layer } from '../yaml/layer.ts';
import { readLayer } from '../yaml/readLayer.ts';
import { contentCache } from './contentCache.ts';
import type { YamlVersion } from './workspace.ts';

/** The layers of a workspace: read when first asked for, and again when told that they changed. */
export interface LayerStore {
  /** The layer of a file; `undefined` when there is no such file. */
  layer(file: string): Layer | undefined;
  /** Likewise, but `undefined` also for a layer that nobody has asked for yet: costs no reading. */
  layerIfRead(file: string): Layer | undefined;
  /** What the layer names. Facts stay in memory, while its text and tree may have to be read again. */
  facts(file: string): Facts | undefined;
  /**
   * Whether a layer names a setting, or something in its place above it; `undefined` where that is not known without
   * reading the layer.
   */
  maySay(file: string, path: readonly string[]): boolean | undefined;
  /** Where the lines of a layer start, without its text having to be read again. */
  lines(file: string): LineIndex | undefined;
  /** Which files name which settings, as far as facts were asked for. */
  postings: Postings;
  /** The numbers of settings in facts. */
  paths: PathTable;
  fileChanged(file: string): void;
  /** All other files are no layers any more: they name nothing until they are asked for again. */
  keepOnly(files: ReadonlySet<string>): void;
  /** The files of which `fileChanged` told since this was last asked. */
  takeChanged(): ReadonlySet<string>;
}

/** What stays in memory of a layer. */
interface Indexed {
  layer: Layer;
  facts: Facts;
  starts: LineStarts;
}

function indexedAs(paths: PathTable, layer: Layer, { root, text }: Layer): Indexed {
  return { layer, facts: factsOf(paths, root, text), starts: lineStarts(text) };
}

function linesOf({ starts }: Indexed): LineIndex {
  return { position: (offset) => positionAt(starts, offset) };
}

function idsOnTheWay(paths: PathTable, path: readonly string[]): (number | undefined)[] {
  return path.map((_, index) => paths.find(path.slice(0, index + 1)));
}

/** @param ids the numbers of the settings on the way to one, and its own last. */
function says(facts: Facts, ids: readonly (number | undefined)[]): boolean {
  const own = ids.at(-1);
  for (let at = 0; at < facts.length; at += stride) {
    const id = facts[at + field.path];
    if (id === own || (ids.includes(id) && !isMappingAt(facts, at))) return true;
  }
  return false;
}

/** How much text of layers is kept together with the trees, in UTF-16 code units. */
const mostKept = 2_500_000;

/** Starts without any layer. */
export function layerStore(source: LayerSource, yaml: YamlVersion, most: number = mostKept): LayerStore {
  const layers = new Map<string, Layer>();
  const outdated = new Set<string>();
  const indexed = new Map<string, Indexed>();
  const named = postings();
  const paths = pathTable();
  const contents = contentCache(most);
  let changed = new Set<string>();

  const fileChanged = (file: string) => {
    outdated.add(file);
    changed.add(file);
  };
  const hashes = new WeakMap<Layer, number>();
  const readAgain = (layer: Layer) => {
    const again = readLayer(layer.file, source.read(layer.file) ?? { text: '' }, yaml);
    if (hashText(again.text) !== hashes.get(layer)) fileChanged(layer.file);
    return again;
  };
  /** A layer that was read without a fault, and that no editor holds open, can be read again. */
  const keep = (layer: Layer, content: FileText, isWanted: boolean) => {
    if (layer.stale || layer.problems.length > 0 || 'error' in content || content.isOpen) return layer;
    const held = contents.hold(layer, readAgain, isWanted);
    hashes.set(held, hashText(layer.text));
    return held;
  };
  /** The layer as it is kept, and with its content at hand where it was just read. */
  const read = (file: string, isWanted: boolean): { kept: Layer; fresh: Layer } | undefined => {
    const known = layers.get(file);
    if (known !== undefined && !outdated.has(file)) return { kept: known, fresh: known };
    outdated.delete(file);
    const content = source.read(file);
    if (content === undefined) {
      layers.delete(file);
      return undefined;
    }
    const fresh = readLayer(file, content, yaml, known);
    const kept = keep(fresh, content, isWanted);
    layers.set(file, kept);
    return { kept, fresh };
  };
  const layer = (file: string) => read(file, true)?.kept;
  return {
    layer,
    layerIfRead: (file) => (layers.has(file) ? layer(file) : undefined),
    facts(file) {
      const now = read(file, false);
      const known = indexed.get(file);
      if (now !== undefined && known?.layer === now.kept) return known.facts;
      const fresh = now && indexedAs(paths, now.kept, now.fresh);
      named.replace(file, known?.facts, fresh?.facts);
      if (fresh === undefined) indexed.delete(file);
      else indexed.set(file, fresh);
      return fresh?.facts;
    },
    maySay(file, path) {
      const known = indexed.get(file);
      if (known === undefined || outdated.has(file)) return undefined;
      return says(known.facts, idsOnTheWay(paths, path));
    },
    lines(file) {
      const now = layers.has(file) ? read(file, false) : undefined;
      const known = indexed.get(file);
      return now && known?.layer === now.kept ? linesOf(known) : now?.kept.lines;
    },
    paths,
    postings: named,
    fileChanged,
    keepOnly(files) {
      for (const file of layers.keys()) if (!files.has(file)) layers.delete(file);
      for (const [file, { facts }] of indexed) {
        if (files.has(file)) continue;
        named.replace(file, facts, undefined);
        indexed.delete(file);
        // Should it be a layer again soon, its names have to be taken in again.
        changed.add(file);
      }
    },
    takeChanged: () => {
      const taken = changed;
      changed = new Set();
      return taken;
    },
  };
}

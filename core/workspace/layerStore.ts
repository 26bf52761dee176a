import { type Facts, factsOf } from '../index/facts.ts';
import { hashText } from '../index/hash.ts';
import { type PathTable, pathTable } from '../index/pathTable.ts';
import { type Postings, postings } from '../index/postings.ts';
import type { FileText, LayerSource } from '../source.ts';
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
  /** Which files name which settings, as far as facts were asked for. */
  postings: Postings;
  /** The numbers of settings in facts. */
  paths: PathTable;
  fileChanged(file: string): void;
  /** Forgets a layer that nobody will need soon; when it is asked for after all, it is read again. */
  letGo(file: string): void;
  /** The files of which `fileChanged` told since this was last asked. */
  takeChanged(): ReadonlySet<string>;
}

/** How much text of layers is kept together with the trees, in UTF-16 code units. */
const mostKept = 2_500_000;

/** Starts without any layer. */
export function layerStore(source: LayerSource, yaml: YamlVersion, most: number = mostKept): LayerStore {
  const layers = new Map<string, Layer>();
  const outdated = new Set<string>();
  const indexed = new Map<string, { layer: Layer; facts: Facts }>();
  const named = postings();
  const paths = pathTable();
  const contents = contentCache(most);
  let changed = new Set<string>();

  const fileChanged = (file: string) => {
    outdated.add(file);
    changed.add(file);
  };
  /** A layer that was read without a fault, and that no editor holds open, can be read again. */
  const keep = (layer: Layer, content: FileText, isWanted: boolean) => {
    if (layer.stale || layer.problems.length > 0 || 'error' in content || content.isOpen) return layer;
    const { file } = layer;
    const hash = hashText(layer.text);
    const readAgain = () => {
      const again = readLayer(file, source.read(file) ?? { text: '' }, yaml);
      if (hashText(again.text) !== hash) fileChanged(file);
      return again;
    };
    return contents.hold(layer, readAgain, isWanted);
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
      const facts = now && factsOf(paths, now.fresh.root, now.fresh.text);
      named.replace(file, known?.facts, facts);
      if (now === undefined || facts === undefined) indexed.delete(file);
      else indexed.set(file, { layer: now.kept, facts });
      return facts;
    },
    paths,
    postings: named,
    fileChanged,
    letGo(file) {
      const held = layers.get(file);
      if (held !== undefined) contents.letGo(held);
      layers.delete(file);
    },
    takeChanged() {
      const taken = changed;
      changed = new Set();
      return taken;
    },
  };
}

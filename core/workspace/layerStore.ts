import { type Facts, factsOf, field, isMappingAt, stride } from '../index/facts.ts';
import { type PathTable, pathTable } from '../index/pathTable.ts';
import { type Postings, postings } from '../index/postings.ts';
import type { LayerSource } from '../source.ts';
import { type LineIndex, type LineStarts, lineStarts, positionAt } from '../text/lines.ts';
import type { Layer } from '../yaml/layer.ts';
import { layerReader } from './layerReader.ts';
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
  /** Forgets a layer that nobody will need soon; when it is asked for after all, it is read again. */
  letGo(file: string): void;
  /** Forgets what all layers say that can be read again: it is when it is next asked for. */
  letGoContents(): void;
  /**
   * The files that differ from what they were when this was last asked.
   * @param layers what is a layer now: one that was forgotten in between has to be taken in again.
   */
  takeChanged(layers: ReadonlySet<string>): ReadonlySet<string>;
}

/** What stays in memory of a layer. */
interface Indexed {
  layer: Layer;
  facts: Facts;
  starts: LineStarts;
}

function indexedAs(paths: PathTable, layer: Layer, { root, text }: Layer): Indexed {
  const lines = lineStarts(text);
  const facts = factsOf(paths, root, text, lines.length);
  // One buffer for both: in ten thousands of small ones, what each costs is more than what it holds.
  const starts = new Uint32Array(facts.buffer, facts.byteLength, lines.length);
  starts.set(lines);
  return { layer, facts, starts };
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
  const indexed = new Map<string, Indexed>();
  const named = postings();
  const paths = pathTable();
  let changed = new Set<string>();
  /** What was no layer any more when others were kept. */
  let dropped = new Set<string>();

  const fileChanged = (file: string) => {
    reader.fileChanged(file);
    changed.add(file);
  };
  const reader = layerReader(source, yaml, most, fileChanged);
  const layer = (file: string) => reader.read(file, true)?.kept;
  return {
    layer,
    layerIfRead: (file) => (reader.isRead(file) ? layer(file) : undefined),
    facts(file) {
      const now = reader.read(file, false);
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
      // What was read again since may name other settings.
      const isNow =
        known !== undefined && !reader.isOutdated(file) && reader.read(file, false)?.kept === known.layer;
      if (!isNow) return undefined;
      return says(known.facts, idsOnTheWay(paths, path));
    },
    lines(file) {
      const now = reader.isRead(file) ? reader.read(file, false) : undefined;
      const known = indexed.get(file);
      return now && known?.layer === now.kept ? linesOf(known) : now?.kept.lines;
    },
    paths,
    postings: named,
    fileChanged,
    letGo: (file) => reader.forget(file),
    letGoContents: () => reader.letGoContents(),
    keepOnly(files) {
      reader.forgetOthers(files);
      for (const [file, { facts }] of indexed) {
        if (files.has(file)) continue;
        named.replace(file, facts, undefined);
        indexed.delete(file);
        dropped.add(file);
      }
    },
    takeChanged(layers) {
      const taken = new Set([...changed, ...[...dropped].filter((file) => layers.has(file))]);
      changed = new Set();
      dropped = new Set();
      return taken;
    },
  };
}

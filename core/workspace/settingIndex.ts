import { precedence } from '../layers/precedence.ts';
import type { Model } from './model.ts';

/** Which layers name which settings, kept between questions. */
export interface SettingIndex {
  of(model: Model): IndexedSettings;
}

/** What is known of one model, as far as layers are read. */
export interface IndexedSettings {
  /** Every setting that some layer names. */
  settings(): IndexedSetting[];
  /** The layers that name a setting, lowest first. */
  naming(path: readonly string[]): readonly string[];
}

/** A setting with the layers that name it. */
export interface IndexedSetting {
  /** Its dotted name. */
  name: string;
  /** The same for a search in which case does not count. */
  lowerCase: string;
  path(): string[];
  /** The layers that name it, lowest first. */
  files(): readonly string[];
}

interface Known {
  /** The layers that there were. */
  files: ReadonlySet<string>;
  heights: Map<string, number>;
  /** The settings by their numbers. */
  settings: IndexedSetting[];
}

/** How many layers one question reads that nobody has read before: a few milliseconds' worth. */
const mostReads = 50;

/**
 * Starts with nothing. A question looks only at the layers that changed since the last one. It never reads all
 * of a large workspace by itself: those that the diagnostics have not come to yet are read a few at a time.
 */
export function settingIndex(): SettingIndex {
  const models = new WeakMap<Model['workspace'], Known>();
  return {
    of(model) {
      const known = models.get(model.workspace) ?? { files: new Set(), heights: new Map(), settings: [] };
      models.set(model.workspace, known);
      update(model, known);
      const { paths, postings } = model.store;
      return {
        settings: () => namedSettings(model, known),
        naming: (path) => lowestFirst(model, known, [...postings.naming(paths.find(path) ?? -1)]),
      };
    },
  };
}

/** Layers of one height, of several apps and those that none loads, in the order of their names. */
function lowestFirst(model: Model, known: Known, files: readonly string[]): string[] {
  const heights = new Map(files.map((file) => [file, heightOf(model, known, file)]));
  const height = (file: string) => heights.get(file) ?? 0;
  return [...files].sort((one, other) =>
    height(one) === height(other) ? (one < other ? -1 : 1) : height(one) < height(other) ? -1 : 1,
  );
}

function heightOf(model: Model, { heights }: Known, file: string): number {
  const height = heights.get(file) ?? precedence(model, file);
  heights.set(file, height);
  return height;
}

function update(model: Model, known: Known): void {
  const { store } = model;
  const files = model.layerFiles();
  let reads = 0;
  for (const file of files) {
    if (store.layerIfRead(file) !== undefined || reads++ < mostReads) store.facts(file);
  }
  if (files === known.files) return;
  store.keepOnly(files);
  known.files = files;
  known.heights.clear();
}

function namedSettings(model: Model, known: Known): IndexedSetting[] {
  const { paths, postings } = model.store;
  const { settings } = known;
  for (let id = settings.length; id < paths.size(); id++) {
    // A key may be empty: only what stands at the top has nothing before it.
    const above = paths.parent(id);
    const name = above === 0 ? paths.key(id) : `${settings[above]?.name ?? ''}.${paths.key(id)}`;
    settings.push({
      name,
      lowerCase: name.toLowerCase(),
      path: () => paths.path(id),
      files: () => lowestFirst(model, known, [...postings.naming(id)]),
    });
  }
  return settings.filter((_, id) => postings.isNamed(id));
}

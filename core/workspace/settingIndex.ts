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
  /** The layers that name a setting. */
  naming(path: readonly string[]): readonly string[];
  /** How high a layer stands: of two, the lower has the smaller number. */
  height(file: string): number;
}

/** A setting with the layers that name it. */
export interface IndexedSetting {
  /** Its dotted name. */
  name: string;
  /** The same for a search in which case does not count. */
  lowerCase: string;
  path(): string[];
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
        naming: (path) => postings.naming(paths.find(path) ?? -1),
        height: (file) => heightOf(model, known, file),
      };
    },
  };
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
  for (const file of known.files) {
    if (files.has(file)) continue;
    store.fileChanged(file);
    store.facts(file);
  }
  known.files = files;
  known.heights.clear();
}

function namedSettings({ store }: Model, { settings }: Known): IndexedSetting[] {
  const { paths, postings } = store;
  for (let id = settings.length; id < paths.size(); id++) {
    const above = settings[paths.parent(id)]?.name ?? '';
    const name = above === '' ? paths.key(id) : `${above}.${paths.key(id)}`;
    settings.push({
      name,
      lowerCase: name.toLowerCase(),
      path: () => paths.path(id),
      files: () => postings.naming(id),
    });
  }
  return settings.filter((_, id) => postings.isNamed(id));
}

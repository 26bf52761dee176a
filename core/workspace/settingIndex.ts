import { precedence } from '../layers/precedence.ts';
import type { MappingNode } from '../yaml/tree.ts';
import type { Model } from './model.ts';

/** Which layers name which settings, kept between questions. */
export interface SettingIndex {
  of(model: Model): IndexedSettings;
}

/** What is known of one model. */
export interface IndexedSettings {
  /** The settings by their dotted names, as far as layers are read. */
  settings: ReadonlyMap<string, IndexedSetting>;
  /** How high a layer stands: of two, the lower has the smaller number. */
  height(file: string): number;
}

/** A setting with the layers that name it. */
export interface IndexedSetting {
  /** Its dotted name, for a search in which case does not count. */
  lowerCase: string;
  path: readonly string[];
  files: Set<string>;
}

interface Known {
  /** The layers that there were. */
  files: ReadonlySet<string>;
  /** For each layer the tree that was last looked at. */
  trees: Map<string, MappingNode>;
  heights: Map<string, number>;
  settings: Map<string, IndexedSetting>;
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
      const known = models.get(model.workspace) ?? nothingKnown();
      models.set(model.workspace, known);
      update(model, known);
      return { settings: known.settings, height: (file) => heightOf(model, known, file) };
    },
  };
}

function nothingKnown(): Known {
  return { files: new Set(), trees: new Map(), heights: new Map(), settings: new Map() };
}

function heightOf(model: Model, { heights }: Known, file: string): number {
  const height = heights.get(file) ?? precedence(model, file);
  heights.set(file, height);
  return height;
}

function update(model: Model, known: Known): void {
  const files = model.layerFiles();
  let reads = 0;
  for (const file of files) {
    const layer = model.layerIfRead(file) ?? (reads++ < mostReads ? model.layer(file) : undefined);
    if (layer !== undefined && known.trees.get(file) !== layer.root) replace(known, file, layer.root);
  }
  if (files === known.files) return;
  known.files = files;
  known.heights.clear();
  const gone = [...known.trees.keys()].filter((file) => !files.has(file));
  for (const file of gone) replace(known, file, undefined);
}

function replace({ trees, settings }: Known, file: string, tree: MappingNode | undefined): void {
  const before = trees.get(file);
  if (before !== undefined) {
    walk(before, [], (name) => {
      const setting = settings.get(name);
      setting?.files.delete(file);
      if (setting?.files.size === 0) settings.delete(name);
    });
  }
  if (tree === undefined) {
    trees.delete(file);
    return;
  }
  trees.set(file, tree);
  walk(tree, [], (name, path) => {
    const setting = settings.get(name);
    if (setting !== undefined) setting.files.add(file);
    else settings.set(name, { lowerCase: name.toLowerCase(), path: [...path], files: new Set([file]) });
  });
}

/** @param visit is told each setting's dotted name, and its path, which changes after the call. */
function walk(
  mapping: MappingNode,
  path: string[],
  visit: (name: string, path: readonly string[]) => void,
): void {
  for (const [key, { value }] of mapping.entries) {
    path.push(key);
    visit(path.join('.'), path);
    if (value.kind === 'mapping') walk(value, path, visit);
    path.pop();
  }
}

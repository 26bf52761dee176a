import { hashText } from '../index/hash.ts';
import type { FileText, LayerSource } from '../source.ts';
import type { Layer } from '../yaml/layer.ts';
import { readLayer } from '../yaml/readLayer.ts';
import { contentCache } from './contentCache.ts';
import type { YamlVersion } from './workspace.ts';

/** Reads layers, and those that changed again. */
export interface LayerReader {
  /**
   * The layer as it is kept, and with its content at hand where it was just read; `undefined` when there is no such
   * file.
   * @param isWanted whether the content will be looked at.
   */
  read(file: string, isWanted: boolean): { kept: Layer; fresh: Layer } | undefined;
  isRead(file: string): boolean;
  isOutdated(file: string): boolean;
  fileChanged(file: string): void;
  forget(file: string): void;
  forgetOthers(files: ReadonlySet<string>): void;
  /** Of all layers, what can be read again. */
  letGoContents(): void;
}

/**
 * Starts without any layer.
 * @param most how much text is kept together with the trees, in UTF-16 code units.
 * @param changed is told of a file that differs from what it was when it was read.
 */
export function layerReader(
  source: LayerSource,
  yaml: YamlVersion,
  most: number,
  changed: (file: string) => void,
): LayerReader {
  const layers = new Map<string, Layer>();
  const outdated = new Set<string>();
  const contents = contentCache(most);
  const hashes = new WeakMap<Layer, number>();
  const readAgain = (layer: Layer) => {
    const again = readLayer(layer.file, source.read(layer.file) ?? { text: '' }, yaml);
    if (hashText(again.text) !== hashes.get(layer)) changed(layer.file);
    return again;
  };
  /** A layer that was read without a fault, and that no editor holds open, can be read again. */
  const keep = (layer: Layer, content: FileText, isWanted: boolean) => {
    if (layer.stale || layer.problems.length > 0 || 'error' in content || content.isOpen) return layer;
    const held = contents.hold(layer, readAgain, isWanted);
    hashes.set(held, hashText(layer.text));
    return held;
  };
  return {
    read(file, isWanted) {
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
    },
    isRead: (file) => layers.has(file),
    isOutdated: (file) => outdated.has(file),
    fileChanged: (file) => outdated.add(file),
    forget(file) {
      const held = layers.get(file);
      if (held !== undefined) contents.letGo(held);
      layers.delete(file);
    },
    letGoContents: contents.letGoAll,
    forgetOthers(files) {
      for (const file of layers.keys()) if (!files.has(file)) layers.delete(file);
    },
  };
}

import { type Range, touches } from '../text/range.ts';
import type { Layer } from '../yaml/layer.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';

/** The setting at a place of a layer. */
export interface SettingAt {
  path: string[];
  keyRange: Range;
  value: LayerNode;
  /** The place is on the key, or else in the value. */
  onKey: boolean;
  /** The element of a list that the place is in, counted from 0 within this layer. */
  element?: number;
}

/** The innermost setting whose key or value the offset touches; `undefined` between settings. */
export function settingAt(layer: Layer, offset: number): SettingAt | undefined {
  return inMapping(layer.root, offset, []);
}

function inMapping(mapping: MappingNode, offset: number, above: readonly string[]): SettingAt | undefined {
  for (const [key, { keyRange, value, inherited }] of mapping.entries) {
    if (inherited || offset < keyRange.start || offset > Math.max(keyRange.end, value.range.end)) continue;
    const path = [...above, key];
    if (touches(keyRange, offset)) return { path, keyRange, value, onKey: true };
    if (value.kind === 'mapping') {
      const inner = inMapping(value, offset, path);
      if (inner) return inner;
    } else if (touches(value.range, offset)) {
      return { path, keyRange, value, onKey: false, ...elementAt(value, offset) };
    }
  }
  return undefined;
}

function elementAt(value: LayerNode, offset: number): { element?: number } {
  if (value.kind !== 'list') return {};
  const element = value.items.findIndex((item) => touches(item.range, offset));
  return element === -1 ? {} : { element };
}

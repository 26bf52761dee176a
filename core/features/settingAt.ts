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

/** A text with its tree. */
type Written = Pick<Layer, 'text' | 'root'>;

/** The innermost setting whose key or value the offset touches; `undefined` between settings. */
export function settingAt(layer: Written, offset: number): SettingAt | undefined {
  return inMapping(layer, layer.root, offset, []);
}

function inMapping(
  layer: Written,
  mapping: MappingNode,
  offset: number,
  above: readonly string[],
): SettingAt | undefined {
  for (const [key, { keyRange, value, inherited, also = [] }] of mapping.entries) {
    if (inherited || offset < keyRange.start || offset > Math.max(keyRange.end, value.range.end)) continue;
    const path = [...above, key];
    const onKey = [keyRange, ...also].find((range) => touches(range, offset));
    if (onKey) return wholeKey({ path, keyRange: onKey, value, onKey: true });
    if (value.kind === 'mapping' && !isAlias(layer, value)) {
      const inner = inMapping(layer, value, offset, path);
      if (inner) return inner;
    } else if (touches(value.range, offset)) {
      return { path, keyRange, value, onKey: false, ...elementAt(value, offset) };
    }
  }
  return undefined;
}

/** A dotted key in quotes has one place for all of its parts: that of the last one. */
function wholeKey(at: SettingAt): SettingAt {
  if (at.value.kind !== 'mapping') return at;
  for (const [key, { keyRange, value, inherited }] of at.value.entries) {
    if (inherited || keyRange.start !== at.keyRange.start || keyRange.end !== at.keyRange.end) continue;
    return wholeKey({ ...at, path: [...at.path, key], value });
  }
  return at;
}

/** Whether only `*name` stands here, and what it repeats stands elsewhere in the file. */
export function isAlias({ text }: Pick<Layer, 'text'>, value: LayerNode): boolean {
  if (text[value.range.start] !== '*') return false;
  return /^\*[^\s,[\]{}]+$/.test(text.slice(value.range.start, value.range.end));
}

function elementAt(value: LayerNode, offset: number): { element?: number } {
  if (value.kind !== 'list') return {};
  const element = value.items.findIndex((item) => touches(item.range, offset));
  return element === -1 ? {} : { element };
}

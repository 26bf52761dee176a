import { type EffectiveMapping, type EffectiveValue, type Setting, winningSay } from '../merge/setting.ts';
import type { Range } from '../text/range.ts';
import type { LayerNode } from '../yaml/tree.ts';

/** A value of an effective configuration, with where it comes from. */
export interface Located {
  value: EffectiveValue | LayerNode;
  /** The index, in the stack, of the layer that gave it. */
  layer: number;
  keyRange: Range;
  /** The value's own place; for a mapping or a list its key. */
  range: Range;
}

/** Finds a value by its path, in which numbers stand for elements of lists; `undefined` where there is none. */
export function locate(root: EffectiveMapping, path: readonly string[]): Located | undefined {
  const [key, ...rest] = path;
  const setting = key === undefined ? undefined : root.entries.get(key);
  const { value } = setting ?? {};
  if (setting === undefined || value === undefined) return undefined;
  const [next, ...below] = rest;
  if (next === undefined) return settingPlace(setting, value);
  if (value.kind === 'mapping') return locate(value, rest);
  const item = value.kind === 'list' ? value.items[Number(next)] : undefined;
  return item && inElement(item.node, item.node.range, below, item.layer);
}

function settingPlace(setting: Setting, value: EffectiveValue): Located | undefined {
  const say = winningSay(setting);
  return say && { value, layer: say.layer, ...ranges(say.node, say.keyRange) };
}

function inElement(
  node: LayerNode,
  keyRange: Range,
  path: readonly string[],
  layer: number,
): Located | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return { value: node, layer, ...ranges(node, startOf(node, keyRange)) };
  if (node.kind === 'mapping') {
    const entry = node.entries.get(key);
    return entry && inElement(entry.value, entry.keyRange, rest, layer);
  }
  const item = node.kind === 'list' ? node.items[Number(key)] : undefined;
  return item && inElement(item, item.range, rest, layer);
}

function ranges(node: LayerNode, keyRange: Range): Pick<Located, 'keyRange' | 'range'> {
  const whole = node.kind === 'mapping' || node.kind === 'list' || node.range.end === node.range.start;
  return { keyRange, range: whole ? keyRange : node.range };
}

/** A mapping that is an element has no key of its own: its first one stands for it. */
function startOf(node: LayerNode, keyRange: Range): Range {
  if (node.kind !== 'mapping' || node.range.start !== keyRange.start) return keyRange;
  const [first] = node.entries.values();
  return first?.keyRange ?? keyRange;
}

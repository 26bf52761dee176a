import { isLayerFile } from '../layers/layerFiles.ts';
import { type Range, withoutBlankEnd } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { Layer } from '../yaml/layer.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import { nodeText } from './explain.ts';
import { shortened } from './markdown.ts';
import { isAlias } from './settingAt.ts';
import type { Yaml } from './yamlOf.ts';

/** A setting of a layer, in its outline. */
export interface SettingSymbol {
  name: string;
  /** The value on one line; empty for a mapping. */
  detail: string;
  kind: LayerNode['kind'];
  /** The key with all that stands below it. */
  range: Range;
  keyRange: Range;
  children: SettingSymbol[];
}

/** How long a value may be beside its name. */
const mostDetail = 60;

/** The tree of a layer's settings, as it is written: what comes through aliases and `<<` is left out. */
export function documentSymbols(model: Model, file: string): SettingSymbol[] {
  const layer = isLayerFile(model, file) ? model.layer(file) : undefined;
  return layer === undefined ? [] : symbolsOf(layer);
}

/** The same of a text that is read already. */
export function symbolsOf({ text, root }: Yaml): SettingSymbol[] {
  return root?.kind === 'mapping' ? symbolsIn({ text }, root) : [];
}

function symbolsIn(layer: Pick<Layer, 'text'>, mapping: MappingNode): SettingSymbol[] {
  return [...mapping.entries].flatMap(([name, { keyRange, value, inherited }]) => {
    if (inherited) return [];
    const isTree = value.kind === 'mapping' && !isAlias(layer, value);
    const start = Math.min(keyRange.start, value.range.start);
    const end = Math.max(keyRange.end, withoutBlankEnd(layer.text, value.range).end);
    const detail = isTree ? '' : shortened(nodeText(value), mostDetail);
    const children = isTree ? symbolsIn(layer, value) : [];
    return [{ name, detail, kind: value.kind, range: { start, end }, keyRange, children }];
  });
}

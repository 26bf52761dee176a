import type { Context } from '../../layers/context.ts';
import { nodeJson, readableStyle } from '../../render/json.ts';
import { schemaOfApp } from '../../schema/appSchema.ts';
import type { CompiledSchema } from '../../schema/compile.ts';
import { propertiesAt } from '../../schema/parts.ts';
import { lineIndex } from '../../text/lines.ts';
import type { Range } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import type { Layer } from '../../yaml/layer.ts';
import { parseTree } from '../../yaml/parse.ts';
import { isPlainSafe } from '../../yaml/quoting.ts';
import { emptyMapping, type LayerNode, type MappingNode } from '../../yaml/tree.ts';
import { focusOn } from '../focus.ts';
import { describedIn } from '../settingSchema.ts';
import { withinDottedKey } from './keys.ts';
import type { OtherLayer } from './known.ts';
import type { Spot } from './spot.ts';

/**
 * What the schema of the app knows at a place, as layers that would say it: one with the keys that may stand there, or
 * one for each value. So they are offered, and written, like those of layers that are there.
 */
export function schemaLayers(
  model: Model,
  layer: Layer,
  typed: Spot,
  chosen: Context | undefined,
): OtherLayer[] {
  const focus = focusOn(model, layer.file, chosen);
  const schema = focus && schemaOfApp(model, focus.app);
  if (schema === undefined) return [];
  if (typed.kind === 'key') return keyLayer(schema, withinDottedKey(layer.text, typed).path);
  const isItem = typed.kind === 'item';
  const known = describedIn(schema, isItem ? [...typed.path, '0'] : typed.path);
  if (known === undefined) return [];
  const { default: fallback, values, types, name } = known;
  const offered = [...(fallback === undefined ? [] : [fallback]), ...values, ...booleans(types)];
  return offered.map((node) => {
    const text = writtenText(model, node);
    const range = { start: 0, end: text.length };
    const value: LayerNode = { ...node, range };
    const whole: LayerNode = isItem ? { kind: 'list', range, items: [value], replace: false } : value;
    return asLayer(name, text, typed.path, whole);
  });
}

const nowhere: Range = { start: 0, end: 0 };

function keyLayer(schema: CompiledSchema, path: readonly string[]): OtherLayer[] {
  if (schema.root === undefined) return [];
  const mapping = emptyMapping(nowhere);
  for (const name of propertiesAt(schema.root, path).keys()) {
    const { types = [], values: [first] = [] } = describedIn(schema, [...path, name]) ?? {};
    const value = types.length === 0 && first !== undefined ? first : nodeOfType(types);
    mapping.entries.set(name, { keyRange: nowhere, value });
  }
  return mapping.entries.size === 0 ? [] : [asLayer(schema.name, '', path, mapping)];
}

/** A value of the first type that there is one of: what is offered for the key follows from it. */
function nodeOfType(types: readonly string[]): LayerNode {
  const range = nowhere;
  for (const type of types) {
    if (type === 'object') return emptyMapping(range);
    if (type === 'array') return { kind: 'list', range, items: [], replace: false };
    if (type === 'string') return { kind: 'string', range, value: '' };
    if (type === 'integer') return { kind: 'integer', range, value: 0n };
    if (type === 'number') return { kind: 'float', range, value: 0 };
    if (type === 'boolean') return { kind: 'boolean', range, value: false };
  }
  return { kind: 'null', range, value: null };
}

function booleans(types: readonly string[]): LayerNode[] {
  if (!types.includes('boolean')) return [];
  return [true, false].map((value) => ({ kind: 'boolean', range: nowhere, value }));
}

/** A value as a layer has it: a text without quotes where it is read as a text all the same. */
export function writtenText({ workspace }: Model, node: LayerNode): string {
  const quoted = nodeJson(node, readableStyle);
  if (node.kind !== 'string' || !isPlainSafe(node.value, true)) return quoted;
  const { root } = parseTree('', node.value, workspace.yaml);
  return root?.kind === 'string' && root.value === node.value ? node.value : quoted;
}

function asLayer(file: string, text: string, path: readonly string[], value: LayerNode): OtherLayer {
  const root = path.reduceRight<LayerNode>((node, key) => {
    const mapping: MappingNode = emptyMapping(nowhere);
    mapping.entries.set(key, { keyRange: nowhere, value: node });
    return mapping;
  }, value);
  const whole = root.kind === 'mapping' ? root : emptyMapping(nowhere);
  return {
    layer: { file, text, lines: lineIndex(text), root: whole, problems: [], stale: false },
    lower: false,
  };
}

import type { Range } from '../text/range.ts';
import type { LayerNode } from '../yaml/tree.ts';
import { regexOf } from './compile.ts';
import { sameValue } from './references.ts';

/** A schema that holds for a setting. */
export interface SchemaPart {
  /** The name or keyword that leads to it. */
  keyRange: Range;
  node: LayerNode;
}

/**
 * The parts of a schema that speak of the setting at a path, the nearest first: through properties and their patterns, elements
 * of lists (by their numbers), `$ref` within the file, and all alternatives.
 */
export function partsAt(root: LayerNode, path: readonly string[]): SchemaPart[] {
  let parts: SchemaPart[] = [{ keyRange: { start: 0, end: 0 }, node: root }];
  for (const key of path) parts = expanded(root, parts).flatMap(({ node }) => below(node, key));
  return expanded(root, parts);
}

/** The parts with all that holds for the same value, each once, alternatives included. */
function expanded(root: LayerNode, parts: readonly SchemaPart[]): SchemaPart[] {
  const seen = new Map<LayerNode, SchemaPart>();
  const visit = (part: SchemaPart) => {
    const { node } = part;
    if (seen.has(node)) return;
    seen.set(node, part);
    if (node.kind !== 'mapping') return;
    for (const { keyword: way, to } of sameValue(root, node)) {
      if (way !== 'not' && way !== 'if') visit({ ...part, node: to });
    }
  };
  for (const part of parts) visit(part);
  return [...seen.values()];
}

function below(schema: LayerNode, key: string): SchemaPart[] {
  const named = [...inMapping(schema, 'properties', (name) => name === key)];
  const matching = inMapping(schema, 'patternProperties', (name) => regexOf(name)?.test(key) === true);
  const found = [...named, ...matching];
  if (found.length > 0) return found;
  const element = /^\d+$/.test(key) ? elementOf(schema, Number(key)) : [];
  return element.length > 0 ? element : keyword(schema, 'additionalProperties');
}

function inMapping(schema: LayerNode, name: string, fits: (key: string) => boolean): SchemaPart[] {
  const map = schema.kind === 'mapping' ? schema.entries.get(name)?.value : undefined;
  const entries = map?.kind === 'mapping' ? [...map.entries].filter(([key]) => fits(key)) : [];
  return entries.map(([, { keyRange, value }]) => ({ keyRange, node: value }));
}

function elementOf(schema: LayerNode, index: number): SchemaPart[] {
  const parts = [...keyword(schema, 'prefixItems'), ...keyword(schema, 'items')];
  const [first] = parts;
  const tuple = first?.node.kind === 'list' ? first.node.items[index] : undefined;
  if (first !== undefined && tuple !== undefined) return [{ keyRange: first.keyRange, node: tuple }];
  return parts.filter(({ node }) => node.kind === 'mapping');
}

function keyword(schema: LayerNode, name: string): SchemaPart[] {
  const entry = schema.kind === 'mapping' ? schema.entries.get(name) : undefined;
  return entry === undefined ? [] : [{ keyRange: entry.keyRange, node: entry.value }];
}

/** The properties that schemas name at a path, in the order of the file. */
export function propertiesAt(root: LayerNode, path: readonly string[]): Map<string, SchemaPart> {
  const found = new Map<string, SchemaPart>();
  for (const { node } of partsAt(root, path)) {
    const properties = node.kind === 'mapping' ? node.entries.get('properties')?.value : undefined;
    if (properties?.kind !== 'mapping') continue;
    for (const [name, { keyRange, value }] of properties.entries) {
      if (!found.has(name)) found.set(name, { keyRange, node: value });
    }
  }
  return found;
}

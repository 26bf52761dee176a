import { nodeJson, readableStyle } from '../render/json.ts';
import { schemaOfApp } from '../schema/appSchema.ts';
import type { CompiledSchema } from '../schema/compile.ts';
import { partsAt, type SchemaPart } from '../schema/parts.ts';
import { textOf } from '../schema/references.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { LayerNode } from '../yaml/tree.ts';
import { code, shortened } from './markdown.ts';

/** What the schema of an app says of a setting, to be read by people. */
export interface SettingSchema {
  file: string;
  /** The file's name. */
  name: string;
  /** The name in the schema that speaks of it. */
  keyRange: Range;
  /** That name with all that stands behind it. */
  range: Range;
  title?: string;
  description?: string;
  types: string[];
  /** The values that it may have, where the schema lists them. */
  values: LayerNode[];
  default?: LayerNode;
  deprecated: boolean;
}

/** What an app's schema says of a setting; `undefined` where it has none, or the schema does not speak of the setting. */
export function settingSchema(model: Model, app: string, path: readonly string[]): SettingSchema | undefined {
  const schema = schemaOfApp(model, app);
  return schema && describedIn(schema, path);
}

/** The same for a schema that is at hand. */
export function describedIn(
  { file, name, root }: CompiledSchema,
  path: readonly string[],
): SettingSchema | undefined {
  const parts = root === undefined ? [] : partsAt(root, path);
  const [first] = parts;
  if (first === undefined) return undefined;
  const { keyRange } = first;
  const title = firstOf(parts, (node) => textOf(node, 'title'));
  const description = firstOf(parts, (node) => textOf(node, 'description'));
  const fallback = firstOf(parts, (node) => keywordOf(node, 'default'));
  return {
    file,
    name,
    keyRange,
    range: { start: keyRange.start, end: Math.max(keyRange.end, first.node.range.end) },
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    types: [...new Set(parts.flatMap(({ node }) => typesOf(node)))],
    values: parts.flatMap(({ node }) => valuesOf(node)),
    deprecated: parts.some(({ node }) => isTrue(keywordOf(node, 'deprecated'))),
  };
}

/** The same as markdown; empty where the schema does not speak of the setting. */
export function schemaText(model: Model, app: string, path: readonly string[]): string {
  const found = settingSchema(model, app, path);
  if (found === undefined) return '';
  const { title, description, deprecated } = found;
  const heading = title === undefined ? '' : `**${title}**`;
  const parts = [heading, description, deprecated ? '⚠ Deprecated.' : '', factsText(found)];
  return parts.filter(Boolean).join('\n\n');
}

const mostValues = 12;

function factsText({ name, types, values, default: fallback }: SettingSchema): string {
  const shown = values.slice(0, mostValues).map(valueText);
  const choice =
    shown.length === 0 ? '' : `one of ${shown.join(', ')}${values.length > mostValues ? ', …' : ''}`;
  const facts = [types.join(' or '), choice, fallback === undefined ? '' : `default ${valueText(fallback)}`];
  const told = facts.filter((fact) => fact !== '').join('; ');
  return told === '' ? '' : `*${name}:* ${told}`;
}

function valueText(node: LayerNode): string {
  return code(shortened(nodeJson(node, readableStyle)));
}

function firstOf<T>(parts: readonly SchemaPart[], read: (node: LayerNode) => T | undefined): T | undefined {
  for (const { node } of parts) {
    const found = read(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

function keywordOf(schema: LayerNode, keyword: string): LayerNode | undefined {
  return schema.kind === 'mapping' ? schema.entries.get(keyword)?.value : undefined;
}

function typesOf(schema: LayerNode): string[] {
  const type = keywordOf(schema, 'type');
  const types = type?.kind === 'list' ? type.items : type === undefined ? [] : [type];
  return types.flatMap((one) => (one.kind === 'string' ? [one.value] : []));
}

function valuesOf(schema: LayerNode): LayerNode[] {
  const values = keywordOf(schema, 'enum');
  const only = keywordOf(schema, 'const');
  return [...(values?.kind === 'list' ? values.items : []), ...(only === undefined ? [] : [only])];
}

function isTrue(node: LayerNode | undefined): boolean {
  return node?.kind === 'boolean' && node.value;
}

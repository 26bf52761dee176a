import schemaFile from '../../../schemas/strata.schema.json' with { type: 'json' };
import type { Range } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import { parseText } from '../../yaml/parse.ts';
import type { LayerNode } from '../../yaml/tree.ts';
import { code } from '../markdown.ts';
import { settingAt } from '../settingAt.ts';
import { type ManifestSpot, manifestFacts } from './manifestFacts.ts';

/** The part of JSON Schema that says something to people. */
interface Schema {
  description?: string;
  enum?: readonly (string | number)[];
  default?: string;
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: boolean | Schema;
}

const schema: Schema = schemaFile;

/**
 * What a key of the manifest means, by its JSON Schema, and what it stands for in this workspace; `undefined` where
 * nothing is known of it.
 */
export function manifestHover(
  model: Model,
  file: string,
  offset: number,
): { range: Range; markdown: string } | undefined {
  const spot = spotAt(model, file, offset);
  const meaning = spot && meaningOf(spot.path);
  if (spot === undefined || meaning === undefined) return undefined;
  const parts = [`**${spot.path.join('.')}**`, meaning, manifestFacts(model, file, spot)];
  return { range: spot.range, markdown: parts.filter((part) => part !== '').join('\n\n') };
}

function spotAt(model: Model, file: string, offset: number): (ManifestSpot & { range: Range }) | undefined {
  const content = model.read(file);
  if (content === undefined || 'error' in content) return undefined;
  const { text } = content;
  const { root } = parseText(file, text, '1.2', { dottedKeys: false });
  const at = settingAt({ text, root }, offset);
  if (at === undefined) return undefined;
  const { path, keyRange, value, element } = at;
  const item = value.kind === 'list' && element !== undefined ? value.items[element] : undefined;
  const pointedAt = textOf(item ?? value);
  return { path, text: pointedAt, range: item?.range ?? keyRange, isElement: item !== undefined };
}

function textOf(node: LayerNode): string | undefined {
  return node.kind === 'string' ? node.value : undefined;
}

/** The description of a key, or of the nearest one above that has some, with the values that it can have. */
function meaningOf(path: readonly string[]): string | undefined {
  let at: Schema | undefined = schema;
  let description = '';
  for (const key of path) {
    at = below(at, key);
    if (at === undefined) return undefined;
    description = at.description ?? description;
  }
  return [description, valuesOf(at)].filter((part) => part !== '').join('\n\n');
}

function below({ properties = {}, additionalProperties: other }: Schema, key: string): Schema | undefined {
  if (Object.hasOwn(properties, key)) return properties[key];
  return typeof other === 'object' ? other : undefined;
}

function valuesOf({ enum: values, default: usual }: Schema): string {
  if (values === undefined) return '';
  const names = [...new Set(values.map(String))];
  return `One of ${names.map((name) => code(name) + (name === usual ? ' (default)' : '')).join(', ')}.`;
}

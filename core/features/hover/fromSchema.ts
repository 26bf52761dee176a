import type { Range } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import { descriptionAt, partAt, type SchemaPart } from '../../workspace/schemaPart.ts';
import { parseText } from '../../yaml/parse.ts';
import type { LayerNode } from '../../yaml/tree.ts';
import { code } from '../markdown.ts';
import { settingAt } from '../settingAt.ts';

/** What is pointed at in a file that a schema of ours describes. */
export interface SchemaSpot {
  path: readonly string[];
  /** The element of a list, else the value, where it is a text. */
  text: string | undefined;
  isElement: boolean;
}

/**
 * What a key of a file means, by the JSON Schema of such files, and the facts of it; `undefined` where nothing is known of it.
 * @param factsOf what there is to tell of it beside that; empty for nothing.
 */
export function schemaHover(
  { model, file, offset }: { model: Model; file: string; offset: number },
  schema: SchemaPart,
  factsOf: (spot: SchemaSpot) => string,
): { range: Range; markdown: string } | undefined {
  const spot = spotAt(model, file, offset);
  const meaning = spot && meaningOf(schema, spot.path);
  if (spot === undefined || meaning === undefined) return undefined;
  const parts = [`**${spot.path.join('.')}**`, meaning, factsOf(spot)];
  return { range: spot.range, markdown: parts.filter((part) => part !== '').join('\n\n') };
}

function spotAt(model: Model, file: string, offset: number): (SchemaSpot & { range: Range }) | undefined {
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
function meaningOf(schema: SchemaPart, path: readonly string[]): string | undefined {
  const part = partAt(schema, path);
  if (part === undefined) return undefined;
  return [descriptionAt(schema, path), valuesOf(part)].filter((text) => text !== '').join('\n\n');
}

function valuesOf({ enum: values, default: usual }: SchemaPart): string {
  if (values === undefined) return '';
  const names = [...new Set(values.map(String))];
  return `One of ${names.map((name) => code(name) + (name === usual ? ' (default)' : '')).join(', ')}.`;
}

/** The part of JSON Schema that says something of one of our own files, or of what stands at a place of it. */
export interface SchemaPart {
  description?: string;
  type?: string | readonly string[];
  enum?: readonly unknown[];
  default?: unknown;
  properties?: Readonly<Record<string, SchemaPart>>;
  additionalProperties?: boolean | SchemaPart;
  items?: SchemaPart;
  $ref?: string;
  definitions?: Readonly<Record<string, object>>;
}

/**
 * The part of a schema that describes what stands at a path of keys and indices; `undefined` where it knows nothing of it. Where it refers
 * to a definition, that of the definition with what stands beside the reference.
 */
export function partAt(schema: SchemaPart, path: readonly string[]): SchemaPart | undefined {
  let part: SchemaPart | undefined = schema;
  for (const key of path) part = part && resolved(below(part, key), schema);
  return part;
}

/** The description of what stands at a path, or of the nearest above it that has one; empty where there is none. */
export function descriptionAt(schema: SchemaPart, path: readonly string[]): string {
  const [nearest] = path.flatMap((_, index) => {
    const { description } = partAt(schema, path.slice(0, path.length - index)) ?? {};
    return description === undefined ? [] : [description];
  });
  return nearest ?? '';
}

/** What a reference within a schema refers to. */
export function definitionOf(reference: string, { definitions = {} }: SchemaPart): SchemaPart | undefined {
  const name = reference.replace('#/definitions/', '');
  return Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}

function below(part: SchemaPart, key: string): SchemaPart | undefined {
  const { properties = {}, additionalProperties: other, items } = part;
  if (Object.hasOwn(properties, key)) return properties[key];
  if (items !== undefined && /^\d+$/.test(key)) return items;
  return typeof other === 'object' ? other : undefined;
}

function resolved(part: SchemaPart | undefined, schema: SchemaPart): SchemaPart | undefined {
  if (part?.$ref === undefined) return part;
  return { ...definitionOf(part.$ref, schema), ...part };
}

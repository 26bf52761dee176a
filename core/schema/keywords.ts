import type { LayerNode } from '../yaml/tree.ts';

/** Whether a keyword holds one schema, a list of them, or schemas by name. */
const holders: ReadonlyMap<string, 'schema' | 'list' | 'names'> = new Map([
  ...(['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'additionalProperties'] as const).map(one),
  ...(['additionalItems', 'unevaluatedItems', 'unevaluatedProperties', 'items'] as const).map(one),
  ...(['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const).map((key) => [key, 'list'] as const),
  ...(['properties', 'patternProperties', 'dependentSchemas'] as const).map(named),
  ...(['$defs', 'definitions', 'dependencies'] as const).map(named),
]);

function one(key: string): readonly [string, 'schema'] {
  return [key, 'schema'];
}

function named(key: string): readonly [string, 'names'] {
  return [key, 'names'];
}

/** A schema that stands in another one. */
export interface Subschema {
  keyword: string;
  /** The way to it from the schema that it stands in. */
  path: string[];
  node: LayerNode;
}

/** The schemas right below a schema, in the order of the file. */
export function subschemas(schema: LayerNode): Subschema[] {
  if (schema.kind !== 'mapping') return [];
  return [...schema.entries].flatMap(([keyword, { value }]) => {
    const holds = holders.get(keyword);
    if (holds === undefined) return [];
    if (value.kind === 'list') {
      // `items` may be a list in older drafts; what `dependencies` lists by name are keys.
      if (holds === 'names') return [];
      return value.items.map((node, index) => ({ keyword, path: [keyword, String(index)], node }));
    }
    if (holds === 'schema') return [{ keyword, path: [keyword], node: value }];
    if (value.kind !== 'mapping') return [];
    const schemas = [...value.entries].filter(([, below]) => below.value.kind !== 'list');
    return schemas.map(([name, below]) => ({ keyword, path: [keyword, name], node: below.value }));
  });
}

type Shape = readonly [wants: string, fits: (node: LayerNode) => boolean];

const types: ReadonlySet<string> = new Set([
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
]);

const isText = (node: LayerNode) => node.kind === 'string';
const isTexts = (node: LayerNode) => node.kind === 'list' && node.items.every(isText);
const isType = (node: LayerNode) => node.kind === 'string' && types.has(node.value);
const isNumber = (node: LayerNode) => node.kind === 'integer' || node.kind === 'float';
const isSchema = (node: LayerNode) => node.kind === 'mapping' || node.kind === 'boolean';
const isSchemas = (node: LayerNode) =>
  node.kind === 'list' && node.items.length > 0 && node.items.every(isSchema);

const text: Shape = ['a text', isText];
const flag: Shape = ['true or false', (node) => node.kind === 'boolean'];
const number: Shape = ['a number', isNumber];
const schema: Shape = ['a schema', isSchema];
const schemaList: Shape = ['a list of schemas', isSchemas];
const count: Shape = [
  'a whole number',
  (node) => isNumber(node) && Number(node.value) >= 0 && Number(node.value) % 1 === 0,
];
const byName = (what: string, fits: (node: LayerNode) => boolean): Shape => [
  `a mapping of names to ${what}`,
  (node) => node.kind === 'mapping' && [...node.entries.values()].every(({ value }) => fits(value)),
];
const schemaMap = byName('schemas', isSchema);

/** What each keyword wants behind it, in words, and how that is told. */
const shapes: Readonly<Record<string, Shape>> = {
  $id: text,
  $ref: text,
  $anchor: text,
  $schema: text,
  format: text,
  pattern: text,
  type: [
    `one of ${[...types].join(', ')}, or a list of them`,
    (node) => isType(node) || (node.kind === 'list' && node.items.every(isType)),
  ],
  enum: ['a list', (node) => node.kind === 'list'],
  required: ['a list of names', isTexts],
  properties: schemaMap,
  patternProperties: schemaMap,
  dependentSchemas: schemaMap,
  $defs: schemaMap,
  definitions: schemaMap,
  dependentRequired: byName('lists of names', isTexts),
  dependencies: byName('schemas or lists of names', (node) => isSchema(node) || isTexts(node)),
  additionalProperties: schema,
  unevaluatedProperties: schema,
  propertyNames: schema,
  additionalItems: schema,
  unevaluatedItems: schema,
  contains: schema,
  not: schema,
  if: schema,
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: schema,
  else: schema,
  items: ['a schema', (node) => isSchema(node) || (node.kind === 'list' && node.items.every(isSchema))],
  prefixItems: schemaList,
  allOf: schemaList,
  anyOf: schemaList,
  oneOf: schemaList,
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: ['a number above 0', (node) => isNumber(node) && Number(node.value) > 0],
  minLength: count,
  maxLength: count,
  minItems: count,
  maxItems: count,
  minContains: count,
  maxContains: count,
  minProperties: count,
  maxProperties: count,
  uniqueItems: flag,
};

const shapeOf: ReadonlyMap<string, Shape> = new Map(Object.entries(shapes));

/** What a keyword wants, in words, where what stands behind it is something else. */
export function wantedInstead(keyword: string, node: LayerNode): string | undefined {
  const shape = shapeOf.get(keyword);
  return shape === undefined || shape[1](node) ? undefined : shape[0];
}

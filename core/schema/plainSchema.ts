import { type Plain, plainValue } from '../yaml/plain.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import { subschemas } from './keywords.ts';

export type PlainObject = { [key: string]: Plain };

/** A schema of a file, as the file has it and as plain data. */
export interface SchemaPair {
  node: MappingNode;
  plain: PlainObject;
}

/**
 * A schema file as plain data, for the validator. Within one file, `$dynamicRef` and `$recursiveRef` mean what `$ref` does, which
 * the validator knows better.
 */
export function plainSchema(root: LayerNode): Plain {
  const whole = wellFormed(plainValue(root));
  for (const { plain } of schemaPairs(root, whole)) {
    const { $dynamicRef, $recursiveRef, $dynamicAnchor } = plain;
    delete plain.$recursiveAnchor;
    delete plain.$recursiveRef;
    if (plain.$ref === undefined) Object.assign(plain, refOf($dynamicRef ?? $recursiveRef));
    if (plain.$anchor === undefined && typeof $dynamicAnchor === 'string') plain.$anchor = $dynamicAnchor;
  }
  return whole;
}

/** Every schema of a file that is an object, outermost first. */
export function schemaPairs(node: LayerNode, plain: Plain | undefined): SchemaPair[] {
  if (node.kind !== 'mapping' || !isObject(plain)) return [];
  const below = subschemas(node).flatMap((one) => schemaPairs(one.node, plainAt(plain, one.path)));
  return [{ node, plain }, ...below];
}

/** The validator makes addresses of keys, and fails on half a character, which a text can hold. */
export function wellFormed(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  const whole = (key: string) => key.replace(/\p{Surrogate}/gu, '\ufffd');
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [whole(key), wellFormed(below)]));
}

function refOf(ref: Plain | undefined): PlainObject {
  return typeof ref === 'string' ? { $ref: ref } : {};
}

function plainAt(plain: Plain, path: readonly string[]): Plain | undefined {
  let value: Plain | undefined = plain;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else value = isObject(value) ? value[part] : undefined;
  }
  return value;
}

function isObject(value: Plain | undefined): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

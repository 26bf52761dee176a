// A JSON Schema that says of every setting in a layer what type it has, and a sentence about it.
import { parse } from 'yaml';

/** @typedef {{ type?: string, description: string, properties?: Record<string, Schema> }} Schema */

/** @param {string} text of a layer */
export function schemaOf(text) {
  const value = parse(text, { logLevel: 'silent' });
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...schemaOfValue(value, []) };
}

/**
 * @param {unknown} value
 * @param {string[]} path
 * @returns {Schema}
 */
function schemaOfValue(value, path) {
  const description = `The setting ${path.join('.')}, as the layers of this app give it.`;
  if (Array.isArray(value)) return { type: 'array', description };
  if (value === null || value === undefined) return { description };
  if (typeof value !== 'object') return { type: typeof value, description };
  const properties = Object.entries(value).map(([key, one]) => [key, schemaOfValue(one, [...path, key])]);
  return { type: 'object', description, properties: Object.fromEntries(properties) };
}

import { Validator } from '@cfworker/json-schema';
import { didYouMean, nameRule, nearestName } from '../text/names.ts';
import type { Range } from '../text/range.ts';
import { type Plain, plainValue } from '../yaml/plain.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import { definitionOf, partAt, type SchemaPart } from './schemaPart.ts';

/** Where a file of settings breaks its JSON Schema, and how. */
export interface SchemaFault {
  range: Range;
  message: string;
  /** The dotted path of what is wrong. */
  setting: string;
  /** The key that was probably meant. */
  meant?: string;
}

type Fault = { keyword: string; pointer: string; schemaPointer: string; message: string };

/**
 * Where settings break the JSON Schema (draft 7) of their file, each fault with its place. What a pattern asks for is told in the words of
 * `patternErrorMessage` beside it; a pattern without them is that of names.
 */
export function schemaFaults(root: MappingNode, schema: object): SchemaFault[] {
  return told(wellFormed(plainValue(root)), schema).map((fault) => {
    const path = pointerParts(fault.pointer);
    const found = placeOf(root, path);
    const onKey = fault.keyword === 'false' || fault.schemaPointer.includes('/propertyNames/');
    const name = onKey ? (path.at(-1) ?? '') : found.text;
    const meant = nearestName(name, meantOf(fault, path, schema));
    return {
      range: onKey ? found.key : found.value,
      message: describe(fault, path, name, schema),
      setting: path.join('.'),
      ...(meant === undefined ? {} : { meant }),
    };
  });
}

/** The validator makes addresses of keys, and fails on half a character, which an unclosed quote can leave. */
function wellFormed(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  const whole = (key: string) => key.replace(/\p{Surrogate}/gu, '\ufffd');
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [whole(key), wellFormed(below)]));
}

/** The validator tells each fault once a level: the innermost says what is really wrong. */
function told(value: Plain, schema: object): Fault[] {
  const { errors } = new Validator(schema, '7', false).validate(value);
  const all = errors.map((error) => ({
    keyword: error.keyword,
    pointer: error.instanceLocation,
    schemaPointer: error.keywordLocation,
    message: error.error,
  }));
  return all.filter((one) => telling.has(one.keyword));
}

const telling: ReadonlySet<string> = new Set([
  ...['false', 'type', 'enum', 'pattern', 'not', 'minLength', 'minItems', 'required'],
  ...['exclusiveMinimum', 'minimum', 'maximum', 'uniqueItems'],
]);

/** @param name the key or value that is wrong. */
function describe(fault: Fault, path: string[], name: string, schema: SchemaPart): string {
  switch (fault.keyword) {
    case 'false':
      return `the key \`${name}\` is not known here.${didYouMean(name, knownKeys(path, schema))}`;
    case 'pattern':
      return `\`${name}\` ${patternRule(fault, schema) ?? `is no name: ${nameRule}`}`;
    case 'not':
      return `\`${name}\` cannot name an environment: layers ending in \`-${name}\` have a meaning of their own`;
    case 'minLength':
    case 'minItems':
      return 'must not be empty';
    case 'exclusiveMinimum':
      return 'must be more than 0';
    case 'minimum':
    case 'maximum':
      return fault.message.replace(/\.$/, '');
    case 'uniqueItems':
      return 'names something twice';
    case 'required':
      return `the key \`${/"(\w+)"/.exec(fault.message)?.[1] ?? ''}\` is missing here`;
    case 'type':
      return typeMessage(fault.message);
    default:
      return enumMessage(fault.message);
  }
}

/** JSON's words for types, in YAML's. */
const yamlTypes: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
};

function typeMessage(told: string): string {
  const types = [...told.matchAll(/"(\w+)"/g)].map(([, type = '']) => yamlTypes[type] ?? type);
  const [found, ...expected] = types;
  return `expected ${expected.join(' or ')}, found ${found}`;
}

/** What may have been meant by what stands there: another key, another of the words that are listed. */
function meantOf({ keyword, message }: Fault, path: string[], schema: SchemaPart): string[] {
  if (keyword === 'false') return knownKeys(path, schema);
  return keyword === 'enum' ? listedIn(message) : [];
}

/** The values that may stand there; of those that differ by their quotes only, one. */
function enumMessage(told: string): string {
  return `must be one of ${listedIn(told).join(', ')}`;
}

function listedIn(told: string): string[] {
  const list = /\[(.*)\]/.exec(told)?.[1] ?? '';
  return [...new Set(list.split(',').map((value) => value.replaceAll('"', '')))];
}

/** The keys that may stand beside one: those of the schema's object at that place. */
function knownKeys(path: string[], schema: SchemaPart): string[] {
  return Object.keys(partAt(schema, path.slice(0, -1))?.properties ?? {});
}

/** What a schema says itself of a text that does not match its pattern. */
function patternRule({ schemaPointer }: Fault, schema: SchemaPart): string | undefined {
  let at: unknown = schema;
  for (const part of pointerParts(schemaPointer).slice(0, -1)) {
    at = isObject(at) ? at[part] : undefined;
    if (part === '$ref' && typeof at === 'string') at = definitionOf(at, schema);
  }
  return isObject(at) && typeof at.patternErrorMessage === 'string' ? at.patternErrorMessage : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function pointerParts(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where the value at a path stands, and its text where it is one. */
function placeOf(root: LayerNode, path: readonly string[]): { key: Range; value: Range; text: string } {
  let place = { key: root.range, value: root.range };
  let node: LayerNode | undefined = root;
  for (const part of path) {
    if (node?.kind === 'mapping') {
      const entry = node.entries.get(part);
      if (entry) place = { key: entry.keyRange, value: entry.value.range };
      node = entry?.value;
    } else if (node?.kind === 'list') {
      node = node.items[Number(part)];
      if (node) place = { key: node.range, value: node.range };
    }
  }
  return { ...place, text: node?.kind === 'string' ? node.value : '' };
}

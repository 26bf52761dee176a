import { compactStyle, type JsonStyle, nodeJson, readableStyle } from '../../core/render/json.ts';
import { parseText } from '../../core/yaml/parse.ts';
import type { LayerNode, MappingNode } from '../../core/yaml/tree.ts';

/** What a `configuration.json` says, with numbers as exact as they are written; empty for one that cannot be read. */
export function readConfigurationText(text: string): MappingNode {
  return parseText('configuration.json', text, '1.2', { dottedKeys: false }).root;
}

/** A setting's value in one configuration. */
export interface Value {
  path: readonly string[];
  /** On one line. */
  json: string;
}

/** The settings of a configuration by their dotted paths, in its order: what holds no further settings. */
export function settingsOf(root: MappingNode): Map<string, Value> {
  const found = new Map<string, Value>();
  const visit = (node: LayerNode, path: readonly string[]) => {
    if (node.kind === 'mapping' && (node.entries.size > 0 || path.length === 0)) {
      for (const [key, { value }] of node.entries) visit(value, [...path, key]);
    } else {
      found.set(path.join('.'), { path, json: nodeJson(node, compactStyle) });
    }
  };
  visit(root, []);
  return found;
}

const linesStyle: JsonStyle = { ...readableStyle, lines: true };

/** A configuration as lines for people. */
export function configurationLines(root: MappingNode): string {
  return `${nodeJson(root, linesStyle)}\n`;
}

/** What a `configuration.json` says as plain data, also where it has numbers that JSON has no word for. */
export function configurationData(text: string): Record<string, unknown> {
  return plainConfiguration(readConfigurationText(text)) as Record<string, unknown>;
}

/** A configuration as plain data; integers that a double cannot hold are given as text. */
export function plainConfiguration(node: LayerNode): unknown {
  switch (node.kind) {
    case 'mapping':
      return Object.fromEntries(
        [...node.entries].map(([key, { value }]) => [key, plainConfiguration(value)]),
      );
    case 'list':
      return node.items.map(plainConfiguration);
    case 'integer':
      return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : String(node.value);
    case 'missing':
    case 'deleted':
      return null;
    default:
      return node.value;
  }
}

import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import { type Dict, dict, list, or, type Value } from './value.ts';

/**
 * What templates of an app are given: `conf`, the whole configuration; `aconf`, the app's section; `cconf`, what is common.
 * A section that is not there is empty.
 * @param configuration a `configuration.json` as `parseText` reads it, so that `1` and `1.0` stay apart.
 */
export function templateVariables(configuration: MappingNode, app: string): ReadonlyMap<string, Value> {
  const conf = mappingValue(configuration, []);
  const section = (name: string) => or(conf.entries.get(`s${name}`)?.[1], () => ({ ...dict(), path: name }));
  return new Map<string, Value>([
    ['conf', conf],
    ['aconf', section(app)],
    ['cconf', section('common')],
  ]);
}

function mappingValue({ entries }: MappingNode, path: readonly string[]): Dict {
  const made = dict([...entries].map(([key, { value }]) => [key, nodeValue(value, [...path, key])] as const));
  return { ...made, path: path.join('.') };
}

function nodeValue(node: LayerNode, path: readonly string[]): Value {
  switch (node.kind) {
    case 'mapping':
      return mappingValue(node, path);
    case 'list':
      return list(node.items.map((item, index) => nodeValue(item, [...path, String(index)])));
    case 'missing':
    case 'deleted':
      return null;
    default:
      return node.value;
  }
}

import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { EffectiveMapping, EffectiveValue } from '../merge/setting.ts';
import type { LayerNode, ScalarNode } from '../yaml/tree.ts';

type YamlNode = Scalar | YAMLMap | YAMLSeq;

/** What stands as a comment behind a value: told from the value and the index of the layer that it came from. */
export type Note = (node: LayerNode, layer: number) => string | undefined;

const noNote: Note = () => undefined;

/**
 * A configuration as YAML 1.2 that reads back as the same values of the same types; a placeholder that nobody
 * gave as it is written in a layer.
 */
export function configurationYaml(root: EffectiveMapping, note: Note = noNote): string {
  const document = new Document(effectiveYaml(root, note));
  return document.toString({ lineWidth: 0 });
}

function effectiveYaml(value: EffectiveValue, note: Note): YamlNode {
  if (value.kind === 'mapping') {
    const given = [...value.entries].flatMap(([key, setting]) =>
      setting.value === undefined ? [] : [[key, effectiveYaml(setting.value, note)] as const],
    );
    return yamlMap(given);
  }
  if (value.kind !== 'list') return nodeYaml(value.node, value.layer, note);
  return yamlList(value.items.map((item) => nodeYaml(item.node, item.layer, note)));
}

function nodeYaml(node: LayerNode, layer: number, note: Note): YamlNode {
  switch (node.kind) {
    case 'mapping': {
      const given = [...node.entries].filter(([, entry]) => entry.value.kind !== 'deleted');
      return yamlMap(given.map(([key, entry]) => [key, nodeYaml(entry.value, layer, note)] as const));
    }
    case 'list':
      return yamlList(node.items.map((item) => nodeYaml(item, layer, note)));
    case 'missing': {
      const placeholder = new Scalar(node.reason);
      placeholder.tag = '!missing';
      return noted(placeholder, note(node, layer));
    }
    case 'deleted':
      return new Scalar(null);
    default:
      return noted(scalarYaml(node), note(node, layer));
  }
}

function noted(scalar: Scalar, text: string | undefined): Scalar {
  if (text !== undefined) scalar.comment = ` ${text}`;
  return scalar;
}

function yamlMap(entries: readonly (readonly [string, YamlNode])[]): YAMLMap {
  const map = new YAMLMap();
  for (const [key, value] of entries) map.items.push(new Pair(keyYaml(key), value));
  return map;
}

/** Without quotes, `<<` would merge, and a byte order mark at the beginning would be none of the key's. */
function keyYaml(key: string): Scalar {
  const scalar = new Scalar(key);
  if (key === '<<' || key.startsWith('\ufeff')) scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

function yamlList(items: YamlNode[]): YAMLSeq {
  const list = new YAMLSeq();
  list.items.push(...items);
  return list;
}

/** A float keeps its point, so that it reads back as one. */
function scalarYaml(node: ScalarNode): Scalar {
  const scalar = new Scalar(node.value);
  if (node.kind === 'float') scalar.minFractionDigits = 1;
  return scalar;
}

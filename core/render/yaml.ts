import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { EffectiveMapping, EffectiveValue } from '../merge/setting.ts';
import type { LayerNode, ScalarNode } from '../yaml/tree.ts';

type YamlNode = Scalar | YAMLMap | YAMLSeq;

/** A configuration as YAML 1.2 that reads back as the same values of the same types. */
export function configurationYaml(root: EffectiveMapping): string {
  const document = new Document(effectiveYaml(root));
  return document.toString({ lineWidth: 0 });
}

function effectiveYaml(value: EffectiveValue): YamlNode {
  if (value.kind === 'mapping') {
    const given = [...value.entries].flatMap(([key, setting]) =>
      setting.value === undefined ? [] : [[key, effectiveYaml(setting.value)] as const],
    );
    return yamlMap(given);
  }
  if (value.kind === 'list') return yamlList(value.items.map((item) => nodeYaml(item.node)));
  return value.kind === 'missing' ? new Scalar(null) : scalarYaml(value.node);
}

function nodeYaml(node: LayerNode): YamlNode {
  switch (node.kind) {
    case 'mapping': {
      const given = [...node.entries].filter(([, entry]) => entry.value.kind !== 'deleted');
      return yamlMap(given.map(([key, entry]) => [key, nodeYaml(entry.value)] as const));
    }
    case 'list':
      return yamlList(node.items.map(nodeYaml));
    case 'missing':
    case 'deleted':
      return new Scalar(null);
    default:
      return scalarYaml(node);
  }
}

function yamlMap(entries: readonly (readonly [string, YamlNode])[]): YAMLMap {
  const map = new YAMLMap();
  for (const [key, value] of entries) map.items.push(new Pair(new Scalar(key), value));
  return map;
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

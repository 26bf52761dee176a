import { parseText } from '../yaml/parse.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import { type Dict, dict, list, or, type Value } from './value.ts';

/** What templates are given, or why there is no text that any of them could be rendered to, in words. */
export type TemplateVariables = { variables: ReadonlyMap<string, Value> } | { fault: string };

/**
 * What templates of an app are given: `conf`, the whole configuration; `aconf`, the app's section; `cconf`, what is common.
 * A section that is not there is empty.
 * @param text a `configuration.json`, as Python reads it: `1` and `1.0` stay apart, and `NaN` and `Infinity` are numbers.
 */
export function templateVariables(text: string, app: string): TemplateVariables {
  const { root } = parseText('configuration.json', text, '1.2', { dottedKeys: false });
  const reading: Reading = { text, broken: [] };
  const conf = mappingValue(reading, root, []);
  const [broken] = reading.broken;
  if (broken !== undefined) {
    const half = 'holds half a surrogate pair, which no file in UTF-8 can have';
    return { fault: `configuration.json: ${broken} ${half}: write the whole letter` };
  }
  const section = (name: string) => or(conf.entries.get(`s${name}`)?.[1], () => ({ ...dict(), path: name }));
  const variables = new Map<string, Value>([
    ['conf', conf],
    ['aconf', section(app)],
    ['cconf', section('common')],
  ]);
  return { variables };
}

interface Reading {
  text: string;
  /** The settings whose texts are no text, by their dotted paths. */
  broken: string[];
}

const half = /\p{Surrogate}/u;

function mappingValue(reading: Reading, { entries }: MappingNode, path: readonly string[]): Dict {
  const made = dict(
    [...entries].map(([key, { value }]) => {
      const inside = [...path, key];
      if (half.test(key)) reading.broken.push(path.length === 0 ? 'a key' : `a key of ${path.join('.')}`);
      return [key, nodeValue(reading, value, inside)] as const;
    }),
  );
  return { ...made, path: path.join('.') };
}

function nodeValue(reading: Reading, node: LayerNode, path: readonly string[]): Value {
  switch (node.kind) {
    case 'mapping':
      return mappingValue(reading, node, path);
    case 'list':
      return list(node.items.map((item, index) => nodeValue(reading, item, [...path, String(index)])));
    case 'missing':
    case 'deleted':
      return null;
    case 'string':
      if (half.test(node.value)) reading.broken.push(path.join('.'));
      return numberWord(reading, node) ?? node.value;
    default:
      return node.value;
  }
}

const numberWords: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** The number that a word without quotes stands for: YAML, by which the text is read, takes it for text. */
function numberWord({ text }: Reading, { value, range }: LayerNode & { kind: 'string' }): number | undefined {
  if (!Object.hasOwn(numberWords, value) || text.charAt(range.start) === '"') return undefined;
  return numberWords[value];
}

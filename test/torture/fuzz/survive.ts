import { isDeepStrictEqual } from 'node:util';
import { factsOf } from '../../../core/index/facts.ts';
import { factTree } from '../../../core/index/factTree.ts';
import { pathTable } from '../../../core/index/pathTable.ts';
import { mergeStack } from '../../../core/merge/merge.ts';
import { missingValues } from '../../../core/merge/missing.ts';
import { configurationJson } from '../../../core/render/json.ts';
import { configurationYaml } from '../../../core/render/yaml.ts';
import { defaultPolicy, type YamlVersion } from '../../../core/workspace/workspace.ts';
import { readEvents } from '../../../core/yaml/events/readEvents.ts';
import type { Layer } from '../../../core/yaml/layer.ts';
import { parseWithRecovery } from '../../../core/yaml/parse.ts';
import { readLayer } from '../../../core/yaml/readLayer.ts';

/** What other layers say that a document is merged with. */
const others = ['a: 1\nb: {c: [1]}\ndb: {host: x}\n', 'a: {b: 2}\nc: !deleted\ndb: !missing\n'];

/**
 * Does with a text all that is done with a layer. Nothing of it may throw.
 * @returns what does not hold of the text, in words; `undefined` where all is well.
 */
export function survive(text: string): string | undefined {
  const version: YamlVersion = '1.2';
  const [lowest, highest] = others.map((one) => readLayer('/other.yaml', { text: one }, version));
  const own = readLayer('/own.yaml', { text }, version, highest);
  readLayer('/own.yaml', { text }, '1.1');
  if (!parsersAgree(text)) return 'the two parsers read other trees';
  if (!factsAgree(own)) return 'the facts are others than those of the tree made of them';
  const layers = [lowest, own, highest].filter((one) => one !== undefined);
  const { root } = mergeStack(layers.map(inStack), defaultPolicy);
  missingValues(layers.map(inStack), root);
  const json = configurationJson(root);
  JSON.parse(json.replace(/(?<=: |\n *)(NaN|-?Infinity)/g, 'null'));
  return readBack(own);
}

/** What is shown as YAML says the same; except for what is too deep to be read, and for marks of git in names of several lines. */
function readBack(layer: Layer): string | undefined {
  const { root } = mergeStack([inStack(layer)], defaultPolicy);
  const text = configurationYaml(root);
  const isCut = layer.problems.some(({ message }) => message.startsWith('nested'));
  if (isCut || text.includes('<<<<<<<')) return undefined;
  const again = readLayer('/again.yaml', { text }, '1.2');
  if (again.problems.length > 0)
    return `what is shown as YAML is none: ${again.problems[0]?.message}\n${text}`;
  const back = mergeStack([inStack(again)], defaultPolicy).root;
  const isSame = configurationJson(back) === configurationJson(root);
  return isSame ? undefined : `what is shown as YAML differs\n${text}`;
}

function parsersAgree(text: string): boolean {
  const fast = readEvents('/own.yaml', text, { dottedKeys: true });
  if (fast === undefined) return true;
  const { root, problems } = parseWithRecovery('/own.yaml', text, '1.2');
  return problems.length === 0 && isDeepStrictEqual(root, fast.root);
}

/** A tree made of facts has the same facts. */
function factsAgree({ root, text }: Layer): boolean {
  const paths = pathTable();
  const facts = factsOf(paths, root, text);
  const made = factTree({ paths, facts, root: () => root });
  return isDeepStrictEqual(factsOf(paths, made, text), facts);
}

function inStack(layer: Layer) {
  return { slot: layer.file, file: layer.file, layer };
}

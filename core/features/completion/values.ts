import { nodeJson, readableStyle } from '../../render/json.ts';
import type { Edit } from '../../text/edits.ts';
import { baseName } from '../../text/paths.ts';
import type { Layer } from '../../yaml/layer.ts';
import { isPlainSafe } from '../../yaml/quoting.ts';
import type { LayerNode } from '../../yaml/tree.ts';
import { type Completion, sortText } from './completion.ts';
import { entryOf, type OtherLayer } from './known.ts';
import type { Spot } from './spot.ts';

/** The values that other layers give to the setting at the cursor, `true` and `false` for a boolean, and our tags. */
export function valueCompletions(layer: Layer, spot: Spot, others: readonly OtherLayer[]): Completion[] {
  const nodes = nodesAt(others, spot);
  const seen = written(layer, spot, nodes);
  const kinds = new Set(nodes.map(({ node }) => node.kind));
  if (kinds.has('boolean')) {
    for (const word of ['true', 'false']) if (!seen.has(word)) seen.set(word, 'boolean');
  }
  const tags = layer.file.endsWith('.json') ? [] : tagCompletions(layer, spot, kinds.has('list'));
  return [...valuesIn(layer, spot, seen), ...tags];
}

/** The elements that other layers have in the list at the cursor and this one has not. */
export function itemCompletions(layer: Layer, spot: Spot, others: readonly OtherLayer[]): Completion[] {
  const own = entryOf(layer.root, spot.path)?.value;
  const present = new Set(own?.kind === 'list' ? own.items.map((item) => nodeJson(item, readableStyle)) : []);
  const items = nodesAt(others, spot).flatMap(({ node, from }) =>
    node.kind === 'list' ? node.items.map((item) => ({ node: item, from })) : [],
  );
  const fresh = items.filter(({ node }) => !present.has(nodeJson(node, readableStyle)));
  return valuesIn(layer, spot, written(layer, spot, fresh));
}

interface Found {
  node: LayerNode;
  from: Layer;
}

function nodesAt(others: readonly OtherLayer[], { path }: Spot): Found[] {
  return others.flatMap(({ layer: from }) => {
    const node = entryOf(from.root, path)?.value;
    return node === undefined ? [] : [{ node, from }];
  });
}

/** Each scalar as it is to be written here, with the file that has it. */
function written({ file }: Layer, { flow }: Spot, found: readonly Found[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { node, from } of found) {
    if (node.kind === 'mapping' || node.kind === 'list' || node.kind === 'missing' || node.kind === 'deleted')
      continue;
    const text = file.endsWith('.json') ? nodeJson(node, readableStyle) : yamlText(node, from, flow);
    if (!texts.has(text)) texts.set(text, baseName(from.file));
  }
  return texts;
}

/** A scalar as it stands in the other layer, where that reads the same here. */
function yamlText(node: LayerNode, { text }: Layer, flow: boolean): string {
  const raw = text.slice(node.range.start, node.range.end);
  const quoted = /^(?:"[^"\\\n]*"|'[^'\n]*')$/.test(raw);
  if (node.kind !== 'string') return /^[-+.~\w]+$/.test(raw) ? raw : nodeJson(node, readableStyle);
  return quoted || (raw === node.value && isPlainSafe(raw, flow)) ? raw : JSON.stringify(node.value);
}

function valuesIn(layer: Layer, spot: Spot, texts: ReadonlyMap<string, string>): Completion[] {
  return [...texts].map(([text, detail], index) => ({
    label: text,
    kind: 'value',
    detail,
    sort: sortText(0, index),
    edit: editFor(layer, spot, text),
    setting: spot.path,
  }));
}

const tags = {
  '!missing': 'A higher layer must give the value: `!missing why`.',
  '!deleted': 'Takes the setting away, with all that lies below it.',
  '!replace': 'The list takes the place of the one below instead of being appended to it.',
} as const;

function tagCompletions(layer: Layer, spot: Spot, isList: boolean): Completion[] {
  const names = isList
    ? (['!replace', '!missing', '!deleted'] as const)
    : (['!missing', '!deleted'] as const);
  return names.map((tag, index) => ({
    label: tag,
    kind: 'tag',
    sort: sortText(2, index),
    edit: editFor(layer, spot, tag === '!replace' ? `${tag} ` : tag),
    documentation: tags[tag],
  }));
}

/** Right behind the colon or dash a blank is missing. */
function editFor({ text }: Layer, { range }: Spot, value: string): Edit {
  const [before = ''] = text.slice(range.start - 1, range.start);
  return { range, text: before === ':' || before === '-' ? ` ${value}` : value };
}

import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import { subschemas } from './keywords.ts';
import { decoded, pointerParts } from './pointer.ts';

/** The keywords that lead to another part of the schema, which holds for the same value. */
export const refKeywords: readonly string[] = ['$ref', '$recursiveRef', '$dynamicRef'];

/** The part of a schema file that a `$ref` leads to; `undefined` for one that leads elsewhere or nowhere. */
export function refTarget(root: LayerNode, ref: string): LayerNode | undefined {
  const id = textOf(root, '$id') ?? textOf(root, 'id') ?? '';
  const base = id.replace(/#.*$/s, '');
  const local = base !== '' && ref.startsWith(base) ? ref.slice(base.length) : ref;
  if (local === '' || local === '#') return root;
  if (!local.startsWith('#')) return undefined;
  return local.startsWith('#/') ? nodeAt(root, pointerParts(local)) : anchored(root, decoded(local.slice(1)));
}

/** The text that a mapping has for a key. */
export function textOf(node: LayerNode, key: string): string | undefined {
  const value = node.kind === 'mapping' ? node.entries.get(key)?.value : undefined;
  return value?.kind === 'string' ? value.value : undefined;
}

function nodeAt(root: LayerNode, path: readonly string[]): LayerNode | undefined {
  let node: LayerNode | undefined = root;
  for (const part of path) {
    if (node?.kind === 'mapping') node = node.entries.get(part)?.value;
    else node = node?.kind === 'list' ? node.items[Number(part)] : undefined;
  }
  return node;
}

function anchored(node: LayerNode, name: string): LayerNode | undefined {
  if (node.kind !== 'mapping') return undefined;
  if ([textOf(node, '$anchor'), textOf(node, '$dynamicAnchor')].includes(name)) return node;
  if (textOf(node, '$id') === `#${name}`) return node;
  for (const { node: below } of subschemas(node)) {
    const found = anchored(below, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first `$ref` that leads back to the schema that it stands in without going down into the value. */
export function endlessRef(root: LayerNode): LayerNode | undefined {
  const state = new Map<LayerNode, 'open' | 'done'>();
  const visit = (node: LayerNode): LayerNode | undefined => {
    if (node.kind !== 'mapping' || state.get(node) === 'done') return undefined;
    state.set(node, 'open');
    for (const { from, to } of sameValue(root, node)) {
      const found = state.get(to) === 'open' ? from : visit(to);
      if (found !== undefined) return found;
    }
    state.set(node, 'done');
    return undefined;
  };
  for (const start of allSchemas(root)) {
    const found = visit(start);
    if (found !== undefined) return found;
  }
  return undefined;
}

const sameValueKeywords = new Set([
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
]);

/** A way from one schema to another that holds for the same value. */
interface Step {
  keyword: string;
  /** What stands behind the keyword. */
  from: LayerNode;
  to: LayerNode;
}

/** The schemas that are asked about the same value as this one. */
export function sameValue(root: LayerNode, node: MappingNode): Step[] {
  const refs = refKeywords.flatMap((keyword) => {
    const from = node.entries.get(keyword)?.value;
    const to = from?.kind === 'string' ? refTarget(root, from.value) : undefined;
    return from === undefined || to === undefined ? [] : [{ keyword, from, to }];
  });
  const below = subschemas(node).filter(({ keyword }) => sameValueKeywords.has(keyword));
  return [...refs, ...below.map(({ keyword, node: to }) => ({ keyword, from: to, to }))];
}

/** A schema with all schemas in it. */
export function allSchemas(root: LayerNode): LayerNode[] {
  return [root, ...subschemas(root).flatMap(({ node }) => allSchemas(node))];
}

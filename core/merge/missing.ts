import { type Problem, problem } from '../problem.ts';
import type { LayerNode, ListNode, MissingNode } from '../yaml/tree.ts';
import type { EffectiveMapping, EffectiveValue, StackLayer } from './setting.ts';

/** A problem for every placeholder that no layer has given a value, in the order of the configuration. */
export function missingValues(stack: readonly StackLayer[], root: EffectiveMapping): Problem[] {
  const problems: Problem[] = [];
  const report = (node: MissingNode, layer: number, path: readonly string[]) => {
    const file = stack[layer]?.file ?? '';
    const reason = node.reason === '' ? '' : ` (${node.reason})`;
    const message = `no layer gives this value${reason}`;
    problems.push(problem('missing-value', { file, range: node.range }, message, { path: [...path] }));
  };
  visit(root, [], report);
  return problems;
}

type Found = (node: MissingNode, layer: number, path: readonly string[]) => void;

/** @param path is the same array all the time, and holds the way to the value. */
function visit(value: EffectiveValue | undefined, path: string[], found: Found): void {
  if (value?.kind === 'missing') {
    found(value.node, value.layer, path);
  } else if (value?.kind === 'mapping') {
    for (const [key, setting] of value.entries) {
      path.push(key);
      visit(setting.value, path, found);
      path.pop();
    }
  } else if (value?.kind === 'list' && value.parts.some(mayHoldMissing)) {
    for (const [index, { node, layer }] of value.items.entries()) {
      visitNode(node, layer, path, String(index), found);
    }
  }
}

/** Looks before anything is made of the elements: placeholders in lists are rare. */
function mayHoldMissing({ list }: { list: ListNode }): boolean {
  return list.known === undefined ? list.items.some(isMissingOrDeep) : list.known.holdsMissing;
}

function isMissingOrDeep({ kind }: LayerNode): boolean {
  return kind === 'missing' || kind === 'mapping' || kind === 'list';
}

function visitNode(node: LayerNode, layer: number, path: string[], key: string, found: Found): void {
  path.push(key);
  if (node.kind === 'missing') {
    found(node, layer, path);
  } else if (node.kind === 'mapping') {
    for (const [below, { value }] of node.entries) visitNode(value, layer, path, below, found);
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) visitNode(item, layer, path, String(index), found);
  }
  path.pop();
}

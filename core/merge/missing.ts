import { type Problem, problem } from '../problem.ts';
import type { LayerNode, MissingNode } from '../yaml/tree.ts';
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
    for (const [key, setting] of value.entries) below(path, key, () => visit(setting.value, path, found));
  } else if (value?.kind === 'list' && value.parts.some(({ list }) => list.known?.holdsMissing !== false)) {
    for (const [index, { node, layer }] of value.items.entries()) {
      below(path, String(index), () => visitNode(node, layer, path, found));
    }
  }
}

function visitNode(node: LayerNode, layer: number, path: string[], found: Found): void {
  if (node.kind === 'missing') found(node, layer, path);
  if (node.kind === 'mapping') {
    for (const [key, { value }] of node.entries) {
      below(path, key, () => visitNode(value, layer, path, found));
    }
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      below(path, String(index), () => visitNode(item, layer, path, found));
    }
  }
}

function below(path: string[], key: string, look: () => void): void {
  path.push(key);
  look();
  path.pop();
}

import { type Problem, problem } from '../problem.ts';
import type { LayerNode, MissingNode } from '../yaml/tree.ts';
import type { EffectiveMapping, EffectiveValue, StackLayer } from './setting.ts';

/** A problem for every placeholder that no layer has given a value, in the order of the configuration. */
export function missingValues(stack: readonly StackLayer[], root: EffectiveMapping): Problem[] {
  const problems: Problem[] = [];
  const report = (node: MissingNode, layer: number, path: string) => {
    const file = stack[layer]?.file ?? '';
    const reason = node.reason === '' ? '' : ` (${node.reason})`;
    const message = `no layer gives this value${reason}`;
    problems.push(problem('missing-value', { file, range: node.range }, message, { setting: path }));
  };
  visit(root, '', report);
  return problems;
}

type Found = (node: MissingNode, layer: number, path: string) => void;

function visit(value: EffectiveValue | undefined, path: string, found: Found): void {
  if (value?.kind === 'missing') {
    found(value.node, value.layer, path);
  } else if (value?.kind === 'mapping') {
    for (const [key, setting] of value.entries) visit(setting.value, below(path, key), found);
  } else if (value?.kind === 'list') {
    value.items.forEach(({ node, layer }, index) => {
      visitNode(node, layer, below(path, String(index)), found);
    });
  }
}

function visitNode(node: LayerNode, layer: number, path: string, found: Found): void {
  if (node.kind === 'missing') found(node, layer, path);
  if (node.kind === 'mapping') {
    for (const [key, entry] of node.entries) visitNode(entry.value, layer, below(path, key), found);
  } else if (node.kind === 'list') {
    node.items.forEach((item, index) => {
      visitNode(item, layer, below(path, String(index)), found);
    });
  }
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

import { fileStart, type Range } from '../text/range.ts';
import type { LayerNode } from '../yaml/tree.ts';
import { refKeywords, refTarget } from './references.ts';

/** A keyword of a schema file. */
export interface Rule {
  keyRange: Range;
  /** What stands behind the keyword. */
  node: LayerNode;
  /** The schema that the keyword stands in. */
  schema: LayerNode;
}

/** Finds the keyword that a way through a schema ends at, or the last one on it that is there. */
export function ruleAt(root: LayerNode, way: readonly string[]): Rule {
  let rule: Rule = { keyRange: fileStart, node: root, schema: root };
  for (const part of way) {
    const next = step(root, rule.node, part);
    if (next === undefined) break;
    rule = next;
  }
  return rule;
}

function step(root: LayerNode, at: LayerNode, part: string): Rule | undefined {
  if (at.kind === 'list') {
    const item = at.items[Number(part)];
    return item && { keyRange: item.range, node: item, schema: at };
  }
  if (at.kind !== 'mapping') return undefined;
  const keywords =
    part === '$ref' ? refKeywords : [part === 'dependantRequired' ? 'dependentRequired' : part];
  const entry = keywords.map((keyword) => at.entries.get(keyword)).find((one) => one !== undefined);
  if (entry === undefined) return undefined;
  const { keyRange, value } = entry;
  const target = part === '$ref' && value.kind === 'string' ? refTarget(root, value.value) : undefined;
  return { keyRange, node: target ?? value, schema: at };
}

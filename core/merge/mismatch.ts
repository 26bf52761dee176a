import { type Problem, problem } from '../problem.ts';
import type { Entry, LayerNode } from '../yaml/tree.ts';
import { type EffectiveValue, type Setting, type StackLayer, winningSay } from './setting.ts';

/** The refusal of a value whose type differs from that of the layer below, with both places. */
export function typeMismatch(
  stack: readonly StackLayer[],
  setting: Setting,
  lower: EffectiveValue,
  entry: Entry,
  at: { layer: number; path: string[] },
): Problem {
  const file = stack[at.layer]?.file ?? '';
  const message = `refusing to replace ${withArticle(lower.kind)} with ${withArticle(entry.value.kind)}`;
  const below = winningSay(setting);
  const belowFile = below && stack[below.layer]?.file;
  const related =
    below === undefined || belowFile === undefined
      ? []
      : [{ message: `${lower.kind} given here`, file: belowFile, range: below.node.range }];
  return problem('type-mismatch', { file, range: entry.value.range }, message, { path: at.path, related });
}

function withArticle(kind: LayerNode['kind']): string {
  if (kind === 'null') return 'null';
  if (kind === 'missing') return 'a placeholder (`!missing`)';
  return kind === 'integer' ? 'an integer' : `a ${kind}`;
}

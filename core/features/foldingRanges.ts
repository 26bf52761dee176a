import { type Range, withoutBlankEnd } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { type Token, yamlTokens } from '../yaml/tokens.ts';
import type { Entry, LayerNode } from '../yaml/tree.ts';
import { isAlias } from './settingAt.ts';
import { type Yaml, yamlOf } from './yamlOf.ts';

/** A stretch that can be folded: from its first line to its last. */
export interface Fold {
  range: Range;
  kind: 'value' | 'comment';
}

/**
 * What can be folded in a file: mappings, lists, their elements, texts of several lines, and comments that
 * stand on lines of their own. A closing bracket on a line of its own stays in sight.
 */
export function foldingRanges(model: Model, file: string): Fold[] {
  const yaml = yamlOf(model, file);
  return yaml === undefined ? [] : foldsOf(yaml);
}

/** The same of a text that is read already. */
export function foldsOf({ text, root }: Yaml): Fold[] {
  const values = root === undefined ? [] : foldsIn(text, root);
  const folds: Fold[] = values.map((range) => ({ range: inSight(text, range), kind: 'value' }));
  const comments = commentRuns(text).map((range) => ({ range, kind: 'comment' as const }));
  return [...folds, ...comments].filter(({ range }) => /[\r\n]/.test(text.slice(range.start, range.end)));
}

function foldsIn(text: string, node: LayerNode): Range[] {
  if (isAlias({ text }, node)) return [];
  if (node.kind === 'list') return node.items.flatMap((item) => [item.range, ...foldsIn(text, item)]);
  if (node.kind !== 'mapping') return [];
  return [...node.entries.values()].flatMap((entry) => {
    if (entry.inherited) return [];
    return [...ownRange(entry), ...foldsIn(text, entry.value)];
  });
}

/** Where dotted keys give parts of one mapping, other settings can stand between them: each part folds alone. */
function ownRange({ keyRange, value, dotted, also }: Entry): Range[] {
  return dotted || also ? [] : [{ start: keyRange.start, end: Math.max(keyRange.end, value.range.end) }];
}

function inSight(text: string, range: Range): Range {
  const whole = withoutBlankEnd(text, range);
  if (!/[\]}]/.test(text[whole.end - 1] ?? '')) return whole;
  const before = withoutBlankEnd(text, { start: whole.start, end: whole.end - 1 });
  return /[\r\n]/.test(text.slice(before.end, whole.end)) ? before : whole;
}

/** Comments on lines of their own, without a blank line between them, as one stretch each. */
function commentRuns(text: string): Range[] {
  const runs: Range[] = [];
  for (const { start, end } of yamlTokens(text).filter((one) => isComment(text, one))) {
    const last = runs.at(-1);
    if (last && /^[ \t]*(\r\n|\n|\r)[ \t]*$/.test(text.slice(last.end, start))) last.end = end;
    else runs.push({ start, end });
  }
  return runs;
}

function isComment(text: string, { kind, start }: Token): boolean {
  return kind === 'comment' && /(^|[\r\n])[ \t]*$/.test(text.slice(Math.max(0, start - 200), start));
}

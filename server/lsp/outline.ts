import { type FoldingRange, FoldingRangeKind, type SelectionRange } from 'vscode-languageserver';
import type { Fold } from '../../core/features/foldingRanges.ts';
import type { Range } from '../../core/text/range.ts';
import { type PositionOf, toRange } from './convert.ts';

/** Whole lines, at most one fold a first line: editors show one mark there. */
export function toFoldingRanges(
  file: string,
  folds: readonly Fold[],
  positionOf: PositionOf,
): FoldingRange[] {
  const byLine = new Map<number, FoldingRange>();
  for (const { range, kind } of folds) {
    const startLine = positionOf(file, range.start).line;
    const endLine = positionOf(file, range.end).line;
    const known = byLine.get(startLine);
    if (endLine <= startLine || (known && known.endLine >= endLine)) continue;
    byLine.set(startLine, {
      startLine,
      endLine,
      ...(kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {}),
    });
  }
  return [...byLine.values()].sort((one, other) => one.startLine - other.startLine);
}

/** @param steps for each place its ranges, the innermost first. */
export function toSelectionRanges(
  file: string,
  steps: readonly (readonly Range[])[],
  positionOf: PositionOf,
): SelectionRange[] {
  return steps.flatMap((ranges) => toSelectionRange(file, ranges, positionOf) ?? []);
}

function toSelectionRange(
  file: string,
  ranges: readonly Range[],
  positionOf: PositionOf,
): SelectionRange | undefined {
  return ranges.reduceRight<SelectionRange | undefined>((parent, one) => {
    const range = toRange(file, one, positionOf);
    return parent === undefined ? { range } : { range, parent };
  }, undefined);
}

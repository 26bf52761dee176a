import { type DocumentHighlight, DocumentHighlightKind } from 'vscode-languageserver';
import type { Highlight } from '../../core/features/documentHighlight.ts';
import { type PositionOf, toRange } from './convert.ts';

export function toHighlights(
  file: string,
  found: readonly Highlight[],
  positionOf: PositionOf,
): DocumentHighlight[] {
  return found.map(({ range, kind }) => ({
    range: toRange(file, range, positionOf),
    kind: kind === 'key' ? DocumentHighlightKind.Write : DocumentHighlightKind.Text,
  }));
}

import type { SelectionRange, SelectionRangeParams } from 'vscode-languageserver';
import { selectionRanges } from '../../core/features/selectionRanges.ts';
import { toSelectionRanges } from '../lsp/outline.ts';
import type { Server } from '../server.ts';

export function onSelectionRange(server: Server, params: SelectionRangeParams): SelectionRange[] | null {
  const { textDocument, positions } = params;
  const places = positions.flatMap((position) => server.placeOf({ textDocument, position }) ?? []);
  const [first] = places;
  if (first === undefined) return null;
  const { model, file } = first;
  const offsets = places.map((place) => place.offset);
  return toSelectionRanges(file, selectionRanges(model, file, offsets), server.positionsIn(model));
}

import type { SelectionRange, SelectionRangeParams } from 'vscode-languageserver';
import { selectionRanges } from '../../core/features/selectionRanges.ts';
import { toSelectionRanges } from '../lsp/outline.ts';
import type { Server } from '../server.ts';

export function onSelectionRange(server: Server, params: SelectionRangeParams): SelectionRange[] | null {
  const found = server.textOf(params);
  const offsets = params.positions.map((position) => found?.offsetAt(position));
  if (found === undefined || !offsets.every((one) => one !== undefined)) return null;
  const { model, file } = found;
  return toSelectionRanges(file, selectionRanges(model, file, offsets), server.positionsIn(model));
}

import type { FoldingRange, FoldingRangeParams } from 'vscode-languageserver';
import { foldingRanges } from '../../core/features/foldingRanges.ts';
import { toFoldingRanges } from '../lsp/outline.ts';
import type { Server } from '../server.ts';
import { onEffectiveFolding } from './effectiveSource.ts';

export function onFoldingRange(server: Server, params: FoldingRangeParams): FoldingRange[] | null {
  const found = server.textOf(params);
  if (found === undefined) return onEffectiveFolding(server, params);
  const { model, file } = found;
  return toFoldingRanges(file, foldingRanges(model, file), server.positionsIn(model));
}

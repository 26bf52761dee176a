import type { PrepareRenameParams, PrepareRenameResult } from 'vscode-languageserver';
import { prepareRename } from '../../core/features/rename/prepare.ts';
import { toPrepared } from '../lsp/rename.ts';
import type { Server } from '../server.ts';

export function onPrepareRename(server: Server, params: PrepareRenameParams): PrepareRenameResult | null {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, file, offset } = place;
  const found = prepareRename(model, file, offset);
  return found === undefined ? null : toPrepared(found, file, server.positionsIn(model));
}

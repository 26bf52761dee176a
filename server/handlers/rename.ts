import type { RenameParams, ResponseError, WorkspaceEdit } from 'vscode-languageserver';
import { rename } from '../../core/features/rename/rename.ts';
import { toWorkspaceEdit } from '../lsp/edits.ts';
import { toRefusal } from '../lsp/rename.ts';
import type { Server } from '../server.ts';

export function onRename(server: Server, params: RenameParams): WorkspaceEdit | ResponseError<void> | null {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, file, offset } = place;
  const positionOf = server.positionsIn(model);
  const result = rename(model, file, offset, params.newName);
  if ('refusal' in result) return toRefusal(result.refusal, model.workspace.root, positionOf);
  const { documentChanges } = server.clientCan;
  return toWorkspaceEdit(result.edits, { positionOf, openDocument: server.openDocument, documentChanges });
}

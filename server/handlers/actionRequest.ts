import type { CodeActionParams, TextDocumentIdentifier } from 'vscode-languageserver';
import type { Action, ActionRequest } from '../../core/features/actions/action.ts';
import type { Range } from '../../core/text/range.ts';
import { shownProblems, toChange } from '../lsp/actions.ts';
import type { Server } from '../server.ts';

/** What is asked about actions, in the core's words; `undefined` in a file that is not ours. */
export function actionRequest(
  server: Server,
  { textDocument, range, context }: CodeActionParams,
): ActionRequest | undefined {
  const place = server.placeOf({ textDocument, position: range.start });
  if (place === undefined || !server.clientCan.codeActions) return undefined;
  const { model, file, offset } = place;
  const { createFiles, renameFiles, deleteFiles } = server.clientCan;
  const toOffsets = (one: typeof range) => offsetsOf(server, textDocument, one);
  return {
    model,
    file,
    range: toOffsets(range) ?? { start: offset, end: offset },
    problems: shownProblems(context.diagnostics, toOffsets),
    chosen: server.session.chosen(),
    files: { create: createFiles, rename: renameFiles, delete: deleteFiles },
    ...(context.only === undefined ? {} : { only: context.only }),
  };
}

function offsetsOf(
  server: Server,
  textDocument: TextDocumentIdentifier,
  { start, end }: CodeActionParams['range'],
): Range | undefined {
  const from = server.placeOf({ textDocument, position: start });
  const to = server.placeOf({ textDocument, position: end });
  return from && to && { start: from.offset, end: to.offset };
}

/** What an action does to the files, for the editor; `undefined` where it would do more than it is meant to. */
export function editOf(
  { clientCan, openDocument, positionsIn }: Server,
  { model, file }: ActionRequest,
  { title, change }: Action,
): ReturnType<typeof toChange> | undefined {
  const result = change();
  const { documentChanges, annotateChanges: annotate } = clientCan;
  const options = { positionOf: positionsIn(model), openDocument, documentChanges };
  return result && toChange(result, { ...options, file, title, annotate });
}

import { type CodeAction, type CodeActionParams, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { codeActions } from '../../core/features/actions/codeActions.ts';
import { fileOfUri } from '../lsp/uri.ts';
import type { Server } from '../server.ts';
import { actionRequest, editOf } from './actionRequest.ts';

/** What an action carries, so that its edits can be found later: what was asked, of which text, and which it is. */
interface ResolveData {
  params: CodeActionParams;
  index: number;
  version: number | undefined;
}

export function dataForResolve(
  server: Server,
  file: string,
  asked: Pick<ResolveData, 'params' | 'index'>,
): ResolveData {
  return { ...asked, version: server.openDocument(file)?.version };
}

/** The same question again gives the same actions, as long as the text is the same. */
export function onCodeActionResolve(server: Server, action: CodeAction): CodeAction | ResponseError<void> {
  const { params, version, index } = (action.data ?? {}) as Partial<ResolveData>;
  if (params === undefined || index === undefined) return action;
  const file = fileOfUri(params.textDocument.uri);
  if (file === undefined || server.openDocument(file)?.version !== version) {
    return new ResponseError(LSPErrorCodes.ContentModified, 'the file has changed since');
  }
  const request = actionRequest(server, params);
  const same = request && codeActions(request)[index];
  const edit = request && same?.title === action.title && editOf(server, request, same);
  if (edit) return { ...action, edit };
  return new ResponseError(
    LSPErrorCodes.RequestFailed,
    `Cannot ${action.title.charAt(0).toLowerCase()}${action.title.slice(1)}: more would change than that, or a comment would be lost`,
  );
}

import type { CodeAction, CodeActionParams } from 'vscode-languageserver';
import { codeActions } from '../../core/features/actions/codeActions.ts';
import { toCodeAction } from '../lsp/actions.ts';
import type { Server } from '../server.ts';
import { actionRequest, editOf } from './actionRequest.ts';
import { dataForResolve } from './codeActionResolve.ts';

/** Actions without their edits for editors that ask for these later, else with them. */
export function onCodeAction(server: Server, params: CodeActionParams): CodeAction[] | null {
  const request = actionRequest(server, params);
  if (request === undefined) return null;
  return codeActions(request).flatMap((action, index): CodeAction[] => {
    const told = toCodeAction(action, params.context.diagnostics);
    if (server.clientCan.resolveEdits)
      return [{ ...told, data: dataForResolve(server, request.file, { params, index }) }];
    const edit = editOf(server, request, action);
    return edit === undefined ? [] : [{ ...told, edit }];
  });
}

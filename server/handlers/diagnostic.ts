import {
  type CancellationToken,
  type DiagnosticServerCancellationData,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
} from 'vscode-languageserver';
import type { Server } from '../server.ts';

type Cancelled = ResponseError<DiagnosticServerCancellationData>;

export async function onDocumentDiagnostic(
  { problems, problemsNow }: Server,
  { textDocument, previousResultId }: DocumentDiagnosticParams,
  token: CancellationToken,
): Promise<DocumentDiagnosticReport | Cancelled> {
  await problemsNow();
  return token.isCancellationRequested
    ? cancelled()
    : problems.ofDocument(textDocument.uri, previousResultId);
}

export async function onWorkspaceDiagnostic(
  { problems, problemsNow }: Server,
  { previousResultIds }: WorkspaceDiagnosticParams,
  token: CancellationToken,
): Promise<WorkspaceDiagnosticReport | Cancelled> {
  await problemsNow();
  return token.isCancellationRequested ? cancelled() : { items: problems.ofWorkspace(previousResultIds) };
}

function cancelled(): Cancelled {
  const message = 'the request was cancelled';
  return new ResponseError(LSPErrorCodes.RequestCancelled, message, { retriggerRequest: false });
}

import {
  type Connection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type PreviousResultId,
  type PublishDiagnosticsParams,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';

/** The problems as the editor gets them: told as they are found, or kept for an editor that asks. */
export interface ToldProblems {
  /** Takes what is published. */
  sink: Pick<Connection, 'sendDiagnostics' | 'sendNotification' | 'window'>;
  /** From now on the editor asks. */
  waitToBeAsked(canRefresh: boolean): void;
  isAsked(): boolean;
  /** The problems of a document, or that they are those that the editor has. */
  ofDocument(uri: string, before: string | undefined): DocumentDiagnosticReport;
  /** Likewise for all documents of which something is told, or was. */
  ofWorkspace(before: readonly PreviousResultId[]): WorkspaceDocumentDiagnosticReport[];
}

interface Kept {
  diagnostics: Diagnostic[];
  resultId: string;
}

/** Starts by telling. */
export function toldProblems(connection: Connection): ToldProblems {
  const kept = new Map<string, Kept>();
  let isAsked = false;
  let mayRefresh = false;
  let isRefreshing = false;
  let results = 0;

  const refresh = () => {
    if (!mayRefresh || isRefreshing) return;
    isRefreshing = true;
    // Once for all that is found in one go.
    setImmediate(() => {
      isRefreshing = false;
      connection.languages.diagnostics.refresh();
    });
  };
  const keep = async ({ uri, diagnostics }: PublishDiagnosticsParams) => {
    if (diagnostics.length === 0) kept.delete(uri);
    else kept.set(uri, { diagnostics, resultId: String(++results) });
    refresh();
  };
  const report = (uri: string, before: string | undefined): DocumentDiagnosticReport => {
    const { diagnostics, resultId } = kept.get(uri) ?? { diagnostics: [], resultId: nothing };
    return before === resultId
      ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
      : { kind: DocumentDiagnosticReportKind.Full, resultId, items: diagnostics };
  };
  return {
    sink: {
      window: connection.window,
      sendNotification: connection.sendNotification.bind(connection),
      sendDiagnostics: (params) => (isAsked ? keep(params) : connection.sendDiagnostics(params)),
    },
    waitToBeAsked(canRefresh) {
      isAsked = true;
      mayRefresh = canRefresh;
    },
    isAsked: () => isAsked,
    ofDocument: report,
    ofWorkspace(before) {
      const known = new Map(before.map(({ uri, value }) => [uri, value]));
      const uris = new Set([...kept.keys(), ...known.keys()]);
      return [...uris].map((uri) => ({ uri, version: null, ...report(uri, known.get(uri)) }));
    },
  };
}

/** What the result of a document without problems is called. */
const nothing = '0';

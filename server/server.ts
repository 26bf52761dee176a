import {
  type Connection,
  FileChangeType,
  type FileEvent,
  type InitializeParams,
  type InitializeResult,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { LayerSource } from '../core/source.ts';
import type { Model } from '../core/workspace/model.ts';
import { isContextName, isInitializationOptions, methods } from '../protocol/contexts.ts';
import { publishDiagnostics } from './diagnostics.ts';
import { featureCapabilities, registerFeatures } from './features.ts';
import { fileOfUri } from './lsp/uri.ts';
import { overlaySource } from './overlay.ts';
import { type Session, startSession } from './session.ts';
import { watchFolders, watchThroughEditor } from './watch.ts';

/** What handlers work with. */
export interface Server {
  session: Session;
  clientCan: ClientAbilities;
  /** The layer and offset that a request is about; `undefined` for a document that is no layer. */
  placeOf(params: TextDocumentPositionParams): { model: Model; file: string; offset: number } | undefined;
}

interface ClientAbilities {
  locationLinks: boolean;
  watching: boolean;
  folders: boolean;
}

/**
 * Serves an editor over a connection: reads layers from the disk and, over it, from open documents.
 * The caller lets the connection listen.
 */
export function serve(connection: Connection, disk: LayerSource): void {
  const documents = new TextDocuments(TextDocument);
  const session = startSession(overlaySource(disk, documents));
  const diagnostics = publishDiagnostics(connection, session);
  const clientCan: ClientAbilities = { locationLinks: false, watching: false, folders: false };
  const server: Server = { session, clientCan, placeOf: (params) => placeOf(session, documents, params) };
  let stopWatching = () => {};

  const contextsChanged = () => connection.sendNotification(methods.contextsChanged, session.contexts());
  const filesChanged = (events: readonly FileEvent[]) => {
    if (applyEvents(session, events)) void contextsChanged();
    diagnostics.update();
  };
  const foldersChanged = (uris: readonly string[]) => {
    session.setFolders(uris.flatMap((uri) => fileOfUri(uri) ?? []));
    stopWatching();
    if (!clientCan.watching) stopWatching = watchFolders(session, filesChanged);
    void contextsChanged();
    diagnostics.update();
  };
  let folders: string[] = [];

  connection.onInitialize((params) => {
    Object.assign(clientCan, abilities(params));
    folders = foldersOf(params);
    const options: unknown = params.initializationOptions;
    if (isInitializationOptions(options) && options.context) session.choose(options.context);
    return initializeResult();
  });
  connection.onInitialized(async () => {
    // At once, before anything is awaited: the first request may be on its way already.
    foldersChanged(folders);
    if (clientCan.folders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map((one) => one.uri));
        folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map((one) => one.uri)];
        foldersChanged(folders);
      });
    }
    if (clientCan.watching) await watchThroughEditor(connection);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => filesChanged(changes));
  connection.onRequest(methods.contexts, () => session.contexts());
  connection.onRequest(methods.setContext, (name: unknown) => {
    if (isContextName(name)) session.choose(name);
    return session.contexts().active;
  });
  const textChanged = (uri: string) => {
    const file = fileOfUri(uri);
    if (file === undefined) return;
    session.textChanged(file);
    diagnostics.update();
  };
  const documentMoved = (uri: string) => {
    const file = fileOfUri(uri);
    if (file !== undefined && session.documentMoved(file)) void contextsChanged();
  };
  documents.onDidOpen(({ document }) => documentMoved(document.uri));
  documents.onDidChangeContent(({ document }) => textChanged(document.uri));
  documents.onDidClose(({ document }) => {
    documentMoved(document.uri);
    textChanged(document.uri);
  });
  connection.onShutdown(() => stopWatching());
  registerFeatures(connection, server);
  documents.listen(connection);
}

function placeOf(
  session: Session,
  documents: TextDocuments<TextDocument>,
  { textDocument, position }: TextDocumentPositionParams,
): { model: Model; file: string; offset: number } | undefined {
  const file = fileOfUri(textDocument.uri);
  const model = file === undefined ? undefined : session.modelOf(file);
  const document = documents.get(textDocument.uri);
  if (file === undefined || model === undefined || document === undefined) return undefined;
  return { model, file, offset: document.offsetAt(position) };
}

function abilities({ capabilities }: InitializeParams): ClientAbilities {
  const { textDocument, workspace } = capabilities;
  return {
    locationLinks: textDocument?.definition?.linkSupport === true,
    watching: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    folders: workspace?.workspaceFolders === true,
  };
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  if (workspaceFolders) return workspaceFolders.map((folder) => folder.uri);
  return typeof rootUri === 'string' ? [rootUri] : [];
}

function initializeResult(): InitializeResult {
  return {
    serverInfo: { name: 'strata' },
    capabilities: {
      ...featureCapabilities(),
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

/** Takes in what happened on the disk; whether apps, environments or the manifest may have changed by it. */
function applyEvents(session: Session, events: readonly FileEvent[]): boolean {
  let moved: string | undefined;
  for (const { uri, type } of events) {
    const file = fileOfUri(uri);
    if (file === undefined) continue;
    session.textChanged(file);
    if (type !== FileChangeType.Changed) moved = file;
  }
  if (moved !== undefined) session.fileMoved(moved);
  return moved !== undefined || events.some(({ uri }) => /\/strata\.ya?ml$/.test(uri));
}

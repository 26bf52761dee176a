import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type TextDocumentIdentifier,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { LayerSource } from '../core/source.ts';
import type { Model } from '../core/workspace/model.ts';
import { type SettingIndex, settingIndex } from '../core/workspace/settingIndex.ts';
import { isContextName, isInitializationOptions, methods } from '../protocol/contexts.ts';
import { effectiveMethods } from '../protocol/effective.ts';
import { abilities, type ClientAbilities } from './abilities.ts';
import { publishDiagnostics } from './diagnostics.ts';
import { type ShownEffective, shownEffective } from './effective.ts';
import { featureCapabilities, registerFeatures } from './features.ts';
import { type FollowedFolders, followDocuments, followFolders, type Reactions } from './follow.ts';
import { fileOfUri } from './lsp/uri.ts';
import { openDocument, overlaySource } from './overlay.ts';
import { refresher } from './refresh.ts';
import { type Session, startSession } from './session.ts';
import { type FollowedSettings, followSettings, type Settings } from './settings.ts';
import { watchThroughEditor } from './watch.ts';

/** What handlers work with. */
export interface Server {
  session: Session;
  settings(): Settings;
  clientCan: ClientAbilities;
  /** The layer and offset that a request is about; `undefined` for a document that is no layer. */
  placeOf(params: TextDocumentPositionParams): { model: Model; file: string; offset: number } | undefined;
  /** The file that a request is about as a whole; `undefined` for one that is not ours. */
  fileOf(params: { textDocument: TextDocumentIdentifier }): { model: Model; file: string } | undefined;
  /** The effective document that a request is about, as the editor shows it; `undefined` for any other document. */
  effectiveOf(params: { textDocument: TextDocumentIdentifier }): ShownEffective | undefined;
  /** Which files name which settings. */
  settingIndex: SettingIndex;
  /** The document of a file, where it is open. */
  openDocument(file: string): { uri: string; version: number } | undefined;
}

/**
 * Serves an editor over a connection: reads layers from the disk and, over it, from open documents.
 * The caller lets the connection listen.
 */
export function serve(connection: Connection, disk: LayerSource): void {
  const documents = new TextDocuments(TextDocument);
  const session = startSession(overlaySource(disk, documents));
  const diagnostics = publishDiagnostics(connection, session);
  const clientCan = abilities({});
  const refresh = refresher(connection, clientCan);
  const settings = followSettings(connection, refresh);
  const server: Server = {
    session,
    settings: settings.now,
    clientCan,
    placeOf: (params) => placeOf(session, documents, params),
    fileOf: ({ textDocument }) => modelFileOf(session, textDocument.uri),
    effectiveOf: ({ textDocument }) => shownEffective(session, documents.get(textDocument.uri)),
    settingIndex: settingIndex(),
    openDocument: (file) => openDocument(documents, file),
  };
  const reactions: Reactions = {
    layersChanged() {
      diagnostics.update();
      void connection.sendNotification(effectiveMethods.layersChanged);
      refresh();
    },
    contextsChanged: () => void connection.sendNotification(methods.contextsChanged, session.contexts()),
  };
  const folders = followFolders(connection, session, () => clientCan.watching, reactions);
  followDocuments(documents, session, reactions);
  begin(connection, server, folders, settings);
  connection.onRequest(methods.contexts, () => session.contexts());
  connection.onRequest(methods.setContext, (name: unknown) => {
    if (isContextName(name)) session.choose(name);
    refresh();
    return session.contexts().active;
  });
  connection.onShutdown(() => folders.stop());
  registerFeatures(connection, server);
  documents.listen(connection);
}

/** The beginning of a conversation: who can do what, and which folders are open. */
function begin(
  connection: Connection,
  { session, clientCan }: Server,
  folders: FollowedFolders,
  settings: FollowedSettings,
): void {
  let opened: string[] = [];
  connection.onInitialize((params) => {
    Object.assign(clientCan, abilities(params.capabilities));
    opened = foldersOf(params);
    const options: unknown = params.initializationOptions;
    if (isInitializationOptions(options) && options.context) session.choose(options.context);
    return initializeResult();
  });
  connection.onInitialized(async () => {
    // At once, before anything is awaited: the first request may be on its way already.
    folders.open(opened);
    if (clientCan.folders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
        folders.change(filesOf(added), filesOf(removed)),
      );
    }
    await settings.follow(clientCan.settings);
    if (clientCan.watching) await watchThroughEditor(connection);
  });
}

function placeOf(
  session: Session,
  documents: TextDocuments<TextDocument>,
  { textDocument, position }: TextDocumentPositionParams,
): { model: Model; file: string; offset: number } | undefined {
  const found = modelFileOf(session, textDocument.uri);
  const document = documents.get(textDocument.uri);
  return found && document && { ...found, offset: document.offsetAt(position) };
}

function modelFileOf(session: Session, uri: string): { model: Model; file: string } | undefined {
  const file = fileOfUri(uri);
  const model = file === undefined ? undefined : session.modelOf(file);
  return file === undefined || model === undefined ? undefined : { model, file };
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  return filesOf(workspaceFolders ?? (typeof rootUri === 'string' ? [{ uri: rootUri }] : []));
}

function filesOf(places: readonly { uri: string }[]): string[] {
  return places.flatMap(({ uri }) => fileOfUri(uri) ?? []);
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

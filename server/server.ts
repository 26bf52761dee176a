import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type Position,
  type TextDocumentIdentifier,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Checker } from '../core/check/checker.ts';
import type { LayerSource } from '../core/source.ts';
import type { Model } from '../core/workspace/model.ts';
import { type SettingIndex, settingIndex } from '../core/workspace/settingIndex.ts';
import { isInitializationOptions, methods } from '../protocol/contexts.ts';
import { effectiveMethods } from '../protocol/effective.ts';
import { abilities, type ClientAbilities } from './abilities.ts';
import { serveContexts } from './contexts.ts';
import { publishDiagnostics } from './diagnostics.ts';
import { type ShownEffective, shownEffective } from './effective.ts';
import { featureCapabilities, registerFeatures } from './features.ts';
import { type FollowedFolders, followDocuments, followFolders, type Reactions } from './follow.ts';
import { loneText } from './lone.ts';
import type { PositionOf } from './lsp/convert.ts';
import { applyChanges, type Encoding, offsetIn } from './lsp/encoding.ts';
import { positionsIn } from './lsp/positions.ts';
import { fileOfUri, isUnsaved } from './lsp/uri.ts';
import type { WorkFollower } from './memory.ts';
import { isListed, openDocument, overlaySource, unsavedFiles } from './overlay.ts';
import { refresher } from './refresh.ts';
import { type Session, startSession } from './session.ts';
import { type FollowedSettings, followSettings, type Settings } from './settings.ts';
import { type ToldProblems, toldProblems } from './told.ts';
import { watchThroughEditor } from './watch.ts';
import { serveWorkspaces } from './workspaces.ts';
import { followYamlSyntax, type YamlSyntax } from './yamlSyntax.ts';

/** A text that a request is about. */
interface TextPlace {
  model: Model;
  file: string;
  /** The offset of a position; `undefined` for a document that is not open. */
  offsetAt(position: Position): number | undefined;
}

/** What handlers work with. */
export interface Server {
  session: Session;
  /** All files, open documents first: for those that are no layers. */
  source: LayerSource;
  settings(): Settings;
  clientCan: ClientAbilities;
  /** The layer and offset that a request is about; `undefined` for a document that is no layer. */
  placeOf(params: TextDocumentPositionParams): { model: Model; file: string; offset: number } | undefined;
  /** The file that a request is about as a whole; `undefined` for one that is not ours. */
  fileOf(params: { textDocument: TextDocumentIdentifier }): { model: Model; file: string } | undefined;
  /** The effective document that a request is about, as the editor shows it; `undefined` for any other document. */
  effectiveOf(params: { textDocument: TextDocumentIdentifier }): ShownEffective | undefined;
  /** Likewise for what needs no context: a YAML buffer without a name is then a text by itself. */
  textOf(params: { textDocument: TextDocumentIdentifier }): TextPlace | undefined;
  /** Finds lines in the files of a model, for one answer. */
  positionsIn(model: Model): PositionOf;
  /** Which files name which settings. */
  settingIndex: SettingIndex;
  /** What the editor is told of, or asks for. */
  problems: ToldProblems;
  /** Resolves when what changed so far is in the problems. */
  problemsNow(): Promise<void>;
  /** The document of a file, where it is open. */
  openDocument(file: string): { uri: string; version: number } | undefined;
}

/**
 * Serves an editor over a connection: reads layers from the disk and, over it, from open documents.
 * The caller lets the connection listen.
 * @param follower is told how the work of reading and checking layers goes on.
 */
export function serve(
  connection: Connection,
  disk: LayerSource,
  follower: WorkFollower = { indexed() {}, done() {} },
): void {
  const clientCan = abilities({});
  const documents = new TextDocuments({
    create: TextDocument.create,
    update: (document, changes, version) => applyChanges(document, changes, version, clientCan.encoding),
  });
  const source = overlaySource(disk, documents);
  const session = startSession(source);
  const positions = (model: Model, seen?: Checker['lines']) =>
    positionsIn(model, clientCan.encoding, unsavedFiles(documents), seen);
  const yamlSyntax = followYamlSyntax(connection, () => diagnostics.showAnew());
  const problems = toldProblems(connection);
  const diagnostics = publishDiagnostics(problems.sink, session, {
    isShown: yamlSyntax.isShown,
    positionsIn: positions,
    follower,
  });
  const refresh = refresher(connection, clientCan);
  const settings = followSettings(connection, refresh);
  const server: Server = {
    session,
    source,
    settings: settings.now,
    clientCan,
    placeOf: (params) => placeOf(session, documents, params, clientCan.encoding),
    fileOf: ({ textDocument }) => modelFileOf(session, textDocument.uri),
    effectiveOf: ({ textDocument }) => shownEffective(session, documents.get(textDocument.uri)),
    textOf: ({ textDocument }) => textOf(session, documents, textDocument.uri, clientCan),
    positionsIn: positions,
    settingIndex: settingIndex(),
    problems,
    problemsNow: () => diagnostics.settled(),
    openDocument: (file) => openDocument(documents, file),
  };
  const contexts = serveContexts(connection, session, refresh);
  const workspaces = serveWorkspaces(connection, session);
  const reactions: Reactions = {
    layersChanged() {
      diagnostics.update();
      void connection.sendNotification(effectiveMethods.layersChanged);
      refresh();
    },
    contextsChanged() {
      contexts.changed();
      workspaces.changed();
    },
  };
  const folders = followFolders(connection, session, () => clientCan.watching, reactions);
  followDocuments(documents, session, (file) => isListed(disk, file), reactions);
  begin(connection, server, { folders, settings, yamlSyntax });
  connection.onShutdown(() => folders.stop());
  connection.onRequest(methods.settled, async () => {
    folders.takeIn();
    await diagnostics.settled();
    return null;
  });
  registerFeatures(connection, server);
  documents.listen(connection);
}

/** What the editor tells of in the course of a conversation. */
interface Followed {
  folders: FollowedFolders;
  settings: FollowedSettings;
  yamlSyntax: YamlSyntax;
}

/** The beginning of a conversation: who can do what, and which folders are open. */
function begin(
  connection: Connection,
  { session, clientCan, problems }: Server,
  { folders, settings, yamlSyntax }: Followed,
): void {
  let opened: string[] = [];
  connection.onInitialize((params) => {
    Object.assign(clientCan, abilities(params.capabilities));
    opened = foldersOf(params);
    const options: unknown = params.initializationOptions;
    if (isInitializationOptions(options)) {
      if (options.context) session.choose(options.context);
      yamlSyntax.begin(options.yamlSyntax);
      if (options.diagnostics === 'pull') problems.waitToBeAsked(clientCan.refreshDiagnostics);
    }
    return initializeResult(clientCan.encoding, problems.isAsked());
  });
  connection.onInitialized(async () => {
    // At once, before anything is awaited: the first request may be on its way already.
    folders.open(opened);
    if (clientCan.folders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
        folders.change(filesOf(added), filesOf(removed)),
      );
    }
    // The editor may take a while to answer either.
    const watching = clientCan.watching ? watchThroughEditor(connection).then(folders.watched) : undefined;
    await Promise.all([watching, settings.follow(clientCan.settings)]);
  });
}

function placeOf(
  session: Session,
  documents: TextDocuments<TextDocument>,
  { textDocument, position }: TextDocumentPositionParams,
  encoding: Encoding,
): { model: Model; file: string; offset: number } | undefined {
  const found = modelFileOf(session, textDocument.uri);
  const document = documents.get(textDocument.uri);
  return found && document && { ...found, offset: offsetIn(document, position, encoding) };
}

function textOf(
  session: Session,
  documents: TextDocuments<TextDocument>,
  uri: string,
  { encoding }: ClientAbilities,
): TextPlace | undefined {
  const document = documents.get(uri);
  const isLone = document?.languageId === 'yaml' && isUnsaved(uri) && fileOfUri(uri) === undefined;
  const found = isLone ? loneText(document.getText()) : modelFileOf(session, uri);
  return found && { ...found, offsetAt: (position) => document && offsetIn(document, position, encoding) };
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

function initializeResult(positionEncoding: Encoding, isAsked: boolean): InitializeResult {
  const asked = { interFileDependencies: true, workspaceDiagnostics: true };
  return {
    serverInfo: { name: 'strata' },
    capabilities: {
      ...featureCapabilities(),
      ...(isAsked ? { diagnosticProvider: asked } : {}),
      positionEncoding,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

import { PassThrough } from 'node:stream';
import {
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  InitializedNotification,
  type InitializeParams,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  type ServerCapabilities,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { LayerSource } from '../../core/source.ts';
import { diskSource } from '../../disk/diskSource.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { serve } from '../../server/server.ts';

/** A client that talks to a server in this process over two streams, as an editor does. */
export interface TestClient {
  connection: ProtocolConnection;
  /** What the server says that it can do. */
  capabilities: ServerCapabilities;
  open(file: string, text: string): Promise<void>;
  change(file: string, text: string): Promise<void>;
  /** The problems that the server last published for the file. */
  diagnostics(file: string): Diagnostic[];
  /** The same for all files, by their addresses. */
  published: ReadonlyMap<string, Diagnostic[]>;
  /** How often the server has published the problems of the file. */
  publications(file: string): number;
  /** Waits until what is published fits. */
  until(holds: () => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server, on the real disk if nothing else is said, and opens folders in it. */
export async function startClient(
  folders: readonly string[],
  params: Partial<InitializeParams> = {},
  disk: LayerSource = diskSource(),
): Promise<TestClient> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  serve(server, disk);
  server.listen();
  const connection = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  const published = new Map<string, Diagnostic[]>();
  const publications = new Map<string, number>();
  let waiting: (() => void)[] = [];
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
    published.set(uri, diagnostics);
    publications.set(uri, (publications.get(uri) ?? 0) + 1);
    for (const wake of waiting.splice(0)) wake();
  });
  connection.onRequest(RegistrationRequest.type, () => {});
  connection.listen();
  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: null,
    workspaceFolders: folders.map((folder) => ({ uri: uriOfFile(folder), name: folder })),
    capabilities: {
      textDocument: { definition: { linkSupport: true } },
      workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
    },
    ...params,
  });
  await connection.sendNotification(InitializedNotification.type, {});
  const versions = new Map<string, number>();
  return {
    connection,
    capabilities,
    open: (file, text) =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri: uriOfFile(file), languageId: 'yaml', version: 0, text },
      }),
    change(file, text) {
      const version = (versions.get(file) ?? 0) + 1;
      versions.set(file, version);
      return connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri: uriOfFile(file), version },
        contentChanges: [{ text }],
      });
    },
    diagnostics: (file) => published.get(uriOfFile(file)) ?? [],
    published,
    publications: (file) => publications.get(uriOfFile(file)) ?? 0,
    async until(holds) {
      while (!holds()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async stop() {
      waiting = [];
      await connection.sendRequest(ShutdownRequest.type);
      // No `exit`: that would end this process, since the server lives in it.
      connection.dispose();
    },
  };
}

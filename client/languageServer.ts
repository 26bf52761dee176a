import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ContextName } from '../protocol/contexts.ts';
import type * as Client from './languageClient.ts';

/** The language server, as the parts of the extension know it. What is asked of it before it runs waits for it. */
export interface LanguageServer extends vscode.Disposable {
  /** Starts it. Where that fails it is told to the person, and nothing is thrown. */
  start(): Promise<void>;
  restart(): Promise<void>;
  isRunning(): boolean;
  sendRequest(method: string, params?: unknown, token?: vscode.CancellationToken): Promise<unknown>;
  /** Does nothing while it does not run. */
  sendNotification(method: string, params: unknown): void;
  /** There is one listener for each kind of notification, the last one. */
  onNotification(method: string, listener: (params: unknown) => void): vscode.Disposable;
  /** It runs from now on, for the first time or again. */
  readonly onDidStart: vscode.Event<void>;
  /** What it answered, as an edit of VS Code; nothing where that is none. */
  toEdit(answer: unknown): Promise<vscode.WorkspaceEdit | undefined>;
}

/**
 * The language server, not yet started. Its client is most of the extension's code, and is loaded when the extension is active: until
 * then other extensions wait for it.
 * @param remembered the context that was chosen last.
 */
export function languageServer(
  extension: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  remembered: () => ContextName | undefined,
): LanguageServer {
  const started = new vscode.EventEmitter<void>();
  const loading = whenActive().then(() => {
    const { createLanguageClient } = loadClient();
    return createLanguageClient(extension, { log, remembered, onStart: () => started.fire() });
  });
  let loaded: Awaited<typeof loading> | undefined;
  loading.then(
    (client) => {
      loaded = client;
    },
    (error) => {
      log.error(`The client of the language server could not be loaded: ${error}`);
      void vscode.window.showErrorMessage(vscode.l10n.t('Strata: the language server could not be started.'));
    },
  );
  return {
    start: () =>
      loading.then(
        (client) => client.start(),
        () => undefined,
      ),
    restart: async () => await (await loading).restart(),
    isRunning: () => loaded?.isRunning() ?? false,
    sendRequest: async (...asked) => await (await loading).sendRequest(...asked),
    sendNotification: (method, params) => loaded?.sendNotification(method, params),
    onNotification(method, listener) {
      // Before it is started, which waits for the same.
      const listening = loading
        .then((client) => client.onNotification(method, listener))
        .catch(() => undefined);
      return new vscode.Disposable(() => void listening.then((one) => one?.dispose()));
    },
    onDidStart: started.event,
    toEdit: async (answer) => await (await loading).toEdit(answer),
    dispose() {
      started.dispose();
      void loading.then((client) => client.dispose()).catch(() => undefined);
    },
  };
}

const whenActive = () => new Promise<void>((resolve) => setImmediate(resolve));

/** From the bundle beside this one. */
function loadClient(): typeof Client {
  return createRequire(__filename)(path.join(__dirname, 'languageClient.js'));
}

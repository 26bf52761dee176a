import * as vscode from 'vscode';
import {
  CloseAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import type { ContextName, InitializationOptions } from '../protocol/contexts.ts';
import { effectiveScheme } from '../protocol/effective.ts';
import type { LanguageServer } from './languageServer.ts';
import { isYamlSyntaxShown } from './yamlSyntax.ts';

const documents: NonNullable<LanguageClientOptions['documentSelector']> = [
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', language: 'json' },
  { scheme: 'file', language: 'jsonc' },
  { scheme: 'file', pattern: '**/*.{yaml,yml}' },
  { scheme: effectiveScheme },
  { scheme: 'untitled', language: 'yaml' },
  // Templates have any language.
  { scheme: 'file', pattern: '**/deploy/templates/**' },
];

/** What the client of our language server is made with. */
export interface ClientParts {
  log: vscode.LogOutputChannel;
  /** The context that was chosen last. */
  remembered: () => ContextName | undefined;
  onStart: () => void;
}

/** The client of our language server, not yet started. */
export function createLanguageClient(
  extension: vscode.ExtensionContext,
  parts: ClientParts,
): Omit<LanguageServer, 'onDidStart'> {
  const { log, onStart } = parts;
  const client = clientOf(extension, parts);
  const states = client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) onStart();
  });
  const start = () => startLanguageClient(client, log);
  let ready: Promise<void> | undefined;
  return {
    start() {
      ready = start();
      return ready;
    },
    async restart() {
      if (client.isRunning()) await client.stop();
      await start();
    },
    isRunning: () => client.isRunning(),
    async sendRequest(method, params, token) {
      if (params === undefined) return await client.sendRequest(method);
      return await (token === undefined
        ? client.sendRequest(method, params)
        : client.sendRequest(method, params, token));
    },
    sendNotification(method, params) {
      if (client.isRunning()) void client.sendNotification(method, params);
    },
    onNotification: (method, listener) => client.onNotification(method, listener),
    async toEdit(answer) {
      return await client.protocol2CodeConverter.asWorkspaceEdit(answer as Edit | null | undefined);
    },
    dispose() {
      states.dispose();
      // One that is just starting cannot be ended.
      void Promise.resolve(ready).then(() => client.dispose());
    },
  };
}

type Edit = Parameters<LanguageClient['protocol2CodeConverter']['asWorkspaceEdit']>[0];

function clientOf(extension: vscode.ExtensionContext, { log, remembered }: ClientParts): LanguageClient {
  const module = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'server.js').fsPath;
  const client: LanguageClient = new LanguageClient(
    'strata',
    'Strata',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6011'] } },
    },
    {
      documentSelector: documents,
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      // Asked at every start, so that a server that is started again knows what was chosen since.
      initializationOptions: (): InitializationOptions => ({
        context: remembered() ?? null,
        yamlSyntax: isYamlSyntaxShown(),
      }),
      initializationFailedHandler: () => false,
      errorHandler: restarting(() => client.createDefaultErrorHandler(4), log),
    },
  );
  return client;
}

/** Starts the server; when it cannot be started, says so with a way to the log. */
async function startLanguageClient(client: LanguageClient, log: vscode.LogOutputChannel): Promise<void> {
  try {
    await client.start();
  } catch (error) {
    log.error(`The language server did not start: ${error instanceof Error ? error.message : error}`);
    void offerHelp(vscode.l10n.t('Strata: the language server could not be started.'));
  }
}

/** The usual handling of a server that ends: up to four restarts in three minutes; then the person is asked. */
function restarting(usual: () => ErrorHandler, log: vscode.LogOutputChannel): ErrorHandler {
  let handler: ErrorHandler | undefined;
  const inner = () => {
    handler ??= usual();
    return handler;
  };
  return {
    error: (error, message, count) => inner().error(error, message, count),
    async closed() {
      const result = await inner().closed();
      if (result.action === CloseAction.Restart) {
        log.warn('The language server ended unexpectedly and is started again.');
        return { ...result, handled: true };
      }
      log.error('The language server keeps ending and is not started again.');
      void offerHelp(vscode.l10n.t('Strata: the language server keeps ending.'));
      return { ...result, handled: true };
    },
  };
}

async function offerHelp(message: string): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const restart = vscode.l10n.t('Restart');
  const chosen = await vscode.window.showErrorMessage(message, showLog, restart);
  if (chosen === showLog) await vscode.commands.executeCommand('strata.showLog');
  if (chosen === restart) await vscode.commands.executeCommand('strata.restartServer');
}

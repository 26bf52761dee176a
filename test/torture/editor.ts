import {
  type CodeLens,
  type Diagnostic,
  LogMessageNotification,
  LSPErrorCodes,
  MessageType,
  type ResponseError,
} from 'vscode-languageserver/node';
import type { LayerSource } from '../../core/source.ts';
import { methods } from '../../protocol/contexts.ts';
import { startClient } from '../support/languageServer.ts';
import type { Question } from './questions.ts';
import { didOpen } from './steps.ts';
import type { Message, World } from './world.ts';

/** An editor with its server. */
export interface Editor {
  send(messages: readonly Message[]): Promise<void>;
  /** Waits until the server has looked at all that it was told of. */
  settle(): Promise<void>;
  ask(question: Question): Promise<unknown>;
  /** The problems that are shown, by address. */
  problems(): Record<string, Diagnostic[]>;
  stop(): Promise<void>;
}

/** What a server says that it did wrong. */
export class ServerFault extends Error {}

/** Opens an editor on a world as it is now. */
export async function openEditor(world: World, source: LayerSource, isWatching = true): Promise<Editor> {
  const { connection, published, stop } = await startClient(
    world.folders,
    { capabilities: capabilities(isWatching), initializationOptions: { context: world.chosen ?? null } },
    source,
  );
  let fault: string | undefined;
  connection.onNotification(LogMessageNotification.type, ({ type, message }) => {
    if (type === MessageType.Error) fault ??= message;
  });
  const checkFault = () => {
    if (fault !== undefined) throw new ServerFault(fault);
  };
  const request = (method: string, params: unknown) => connection.sendRequest<unknown>(method, params);
  const editor: Editor = {
    async send(messages) {
      for (const { method, params, isRequest } of messages) {
        if (isRequest)
          request(method, params)
            .catch(notOurFault)
            .catch((error) => (fault ??= String(error)));
        else await connection.sendNotification(method, params);
      }
    },
    async settle() {
      await request(methods.settled, null);
      checkFault();
    },
    async ask(question) {
      const answer = await request(question.method, withProblems(question, published)).catch(notOurFault);
      checkFault();
      return question.method === 'textDocument/codeLens' ? resolveLenses(answer) : withoutNumber(answer);
    },
    problems: () =>
      Object.fromEntries([...published].filter(([, found]) => found.length > 0).sort(byAddress)),
    stop,
  };
  const resolveLenses = async (lenses: unknown) => {
    if (!Array.isArray(lenses)) return lenses;
    return Promise.all(lenses.map((one: CodeLens) => request('codeLens/resolve', one)));
  };
  await editor.send([...world.open].map(([file, { text, version }]) => didOpen(file, text, version)));
  return editor;
}

/** Answers about tokens are numbered by the clock. */
function withoutNumber(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'resultId' in answer
    ? { ...answer, resultId: '' }
    : answer;
}

/** An editor asks for actions with the problems that it shows. */
function withProblems({ method, params }: Question, published: ReadonlyMap<string, Diagnostic[]>): unknown {
  if (method !== 'textDocument/codeAction') return params;
  const asked = params as { textDocument: { uri: string }; range: Diagnostic['range'] };
  const { line } = asked.range.start;
  const shown = published.get(asked.textDocument.uri) ?? [];
  const diagnostics = shown.filter(({ range }) => range.start.line <= line && line <= range.end.line);
  return { ...asked, context: { diagnostics } };
}

/** The answer of a server that refuses in words; anything else is a fault. */
function notOurFault(error: ResponseError<unknown>): unknown {
  const { code, message } = error;
  if (code !== LSPErrorCodes.RequestFailed && code !== LSPErrorCodes.ContentModified)
    throw new ServerFault(`${message}`);
  return { refused: message };
}

function byAddress([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

function capabilities(isWatching: boolean) {
  return {
    textDocument: {
      definition: { linkSupport: true },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
    },
    workspace: {
      workspaceFolders: true,
      workspaceEdit: {
        documentChanges: true,
        resourceOperations: ['create' as const, 'rename' as const, 'delete' as const],
      },
      ...(isWatching ? { didChangeWatchedFiles: { dynamicRegistration: true } } : {}),
    },
  };
}

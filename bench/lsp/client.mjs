// A client that talks to a language server over its standard streams, as an editor does, and takes the time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { PlainError } from '../../scripts/lib/log.mjs';
import { atShutdown } from '../../scripts/lib/shutdown.mjs';
import { projectNode } from '../../scripts/setup.mjs';
import { openDocuments } from './documents.mjs';

/** The notification with which the server says that it has read and checked all layers once. */
export const READY = '$/strata/layersReady';

/** No answer may take longer than this, in milliseconds: what does is an error that names what was waited for. */
export const PATIENCE_MS = 240_000;

/**
 * @typedef {object} Program how a server is started
 * @property {string} name
 * @property {string[]} args of Node
 * @property {object} [options] what it is told with `initialize`
 * @property {Record<string, unknown>} [settings] the answers to `workspace/configuration`, by section
 */

/** @typedef {import('vscode-languageserver').Diagnostic} Diagnostic */
/** @typedef {{ uri: string, diagnostics: Diagnostic[], version?: number, at: number }} Published */
/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */

/** The address of a file below a folder. */
export function uriOf(/** @type {string} */ folder, /** @type {string} */ file) {
  return pathToFileURL(join(folder, file)).href;
}

/**
 * Starts servers, works with them, and ends them whatever comes of it.
 * @template T
 * @param {readonly Program[]} programs
 * @param {string} folder that they open
 * @param {(...servers: Server[]) => Promise<T>} work
 */
export async function withServers(programs, folder, work) {
  /** @type {Server[]} */
  const servers = [];
  try {
    for (const program of programs) servers.push(await startServer(program, folder));
    return await work(...servers);
  } finally {
    for (const server of servers) await server.stop();
  }
}

/**
 * Starts a server and opens a folder in it. Times are those of `performance.now()`.
 * @param {Program} program
 * @param {string} folder
 */
async function startServer(program, folder) {
  const started = performance.now();
  const child = spawn(projectNode(), program.args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const forget = atShutdown(() => child.kill('SIGKILL'));
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const heard = listen(connection, program.settings ?? {}, folder);
  const gone = ended.then(([code]) => Promise.reject(new PlainError(`${program.name} ended with ${code}.`)));
  gone.catch(() => {});
  const within = patience(program.name, gone);
  const request = (/** @type {string} */ method, /** @type {unknown} */ params) =>
    within(connection.sendRequest(method, params), method);
  const answer = await request('initialize', initialization(program, folder));
  await connection.sendNotification('initialized', {});
  const sync = answer.capabilities.textDocumentSync;
  const documents = openDocuments(connection, (sync?.change ?? sync) === 2);
  return {
    started,
    pid: Number(child.pid),
    folder,
    request,
    /** Opens a file with the text that it has on disk. */
    open: (/** @type {string} */ file) =>
      documents.open(uriOf(folder, file), readFileSync(join(folder, file), 'utf8')),
    change: documents.change,
    lineOf: documents.lineOf,
    /** What was published last for an address. */
    diagnostics: (/** @type {string} */ uri) => heard.published.get(uri)?.diagnostics ?? [],
    /** Waits for a publication that fits, from now on. */
    published: (/** @type {(one: Published) => boolean} */ fits, /** @type {string} */ what) =>
      within(heard.nextPublished(fits), what),
    /** When the first notification of this kind came: waits for it, if it has not yet. */
    notified: (/** @type {string} */ method) => within(heard.first(method), method),
    async stop() {
      try {
        await request('shutdown', undefined);
        await connection.sendNotification('exit');
        await within(ended, 'its end');
      } catch {
        child.kill('SIGKILL');
      }
      connection.dispose();
      forget();
    },
  };
}

/**
 * @param {import('vscode-languageserver/node').MessageConnection} connection
 * @param {Record<string, unknown>} settings
 * @param {string} folder
 */
function listen(connection, settings, folder) {
  /** @type {Map<string, Published>} */
  const published = new Map();
  /** @type {Map<string, number>} */
  const times = new Map();
  /** @type {Set<() => void>} */
  const firsts = new Set();
  /** @type {Set<(one: Published) => void>} */
  const watchers = new Set();
  connection.onNotification((method, params) => {
    const at = performance.now();
    if (!times.has(method)) times.set(method, at);
    for (const look of firsts) look();
    if (method !== 'textDocument/publishDiagnostics') return;
    const one = /** @type {Published} */ ({ .../** @type {object} */ (params), at });
    published.set(one.uri, one);
    for (const watch of watchers) watch(one);
  });
  connection.onRequest((method, params) => {
    if (method === 'workspace/workspaceFolders') return [{ uri: uriOf(folder, ''), name: 'bench' }];
    if (method !== 'workspace/configuration') return null;
    const { items } = /** @type {{ items: { section?: string }[] }} */ (/** @type {unknown} */ (params));
    return items.map(({ section = '' }) => settings[section] ?? null);
  });
  connection.onUnhandledNotification(() => {});
  connection.listen();
  return {
    published,
    /** @param {(one: Published) => boolean} fits */
    nextPublished: (fits) =>
      /** @type {Promise<Published>} */ (
        new Promise((resolve) => {
          const watch = (/** @type {Published} */ one) => {
            if (!fits(one)) return;
            watchers.delete(watch);
            resolve(one);
          };
          watchers.add(watch);
        })
      ),
    /** @param {string} method */
    first: (method) =>
      /** @type {Promise<number>} */ (
        new Promise((resolve) => {
          const look = () => {
            const at = times.get(method);
            if (at === undefined) return;
            firsts.delete(look);
            resolve(at);
          };
          firsts.add(look);
          look();
        })
      ),
  };
}

/**
 * @param {Program} program
 * @param {string} folder
 */
function initialization(program, folder) {
  const uri = uriOf(folder, '');
  return {
    processId: process.pid,
    rootUri: uri,
    rootPath: folder,
    workspaceFolders: [{ uri, name: 'bench' }],
    initializationOptions: program.options,
    capabilities: {
      workspace: {
        configuration: true,
        workspaceFolders: true,
        didChangeConfiguration: { dynamicRegistration: true },
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
      textDocument: {
        synchronization: { didSave: true },
        hover: { contentFormat: ['markdown', 'plaintext'] },
        completion: { contextSupport: true, completionItem: { snippetSupport: true } },
        publishDiagnostics: { relatedInformation: true, versionSupport: true },
      },
      window: { workDoneProgress: true },
    },
  };
}

/**
 * @param {string} name
 * @param {Promise<never>} gone
 */
function patience(name, gone) {
  /**
   * @template T
   * @param {Promise<T>} work
   * @param {string} what
   * @returns {Promise<any>}
   */
  return (work, what) => {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      const seconds = PATIENCE_MS / 1000;
      const error = new PlainError(`${name} did not give ${what} within ${seconds} s.`);
      timer = setTimeout(() => reject(error), PATIENCE_MS);
    });
    return Promise.race([work, gone, late]).finally(() => clearTimeout(timer));
  };
}

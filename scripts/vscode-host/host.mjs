// A running VS Code host: the server, which serves the workbench to a browser and runs the extensions.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PlainError } from '../lib/log.mjs';
import { runFolder } from '../lib/paths.mjs';
import { output, startChild } from '../lib/process.mjs';
import { ensureHost } from './install.mjs';
import { QUIET_SETTINGS, RESTRICTED_SETTINGS, TEST_SETTINGS } from './settings.mjs';

const START_LIMIT_MS = 60_000;
const INSTALL_LIMIT_MS = 120_000;

const SERVER_FLAGS = [
  ...['--host', '127.0.0.1', '--accept-server-license-terms'],
  // The server asks outside hosts without these.
  ...['--disable-telemetry', '--disable-experiments', '--disable-update-check'],
  '--disable-getting-started-override',
];

/**
 * @typedef {object} HostOptions
 * @property {string} [vsix] a package to install first
 * @property {string[]} [beside] packages of other extensions to install as well
 * @property {Record<string, unknown>} [settings] user settings beyond the quiet ones
 * @property {(extensionsDir: string) => Record<string, string>} [env] more environment variables for the extension
 *   host, given the folder that packages are installed into
 * @property {boolean} [extensionTests] allow a suite in the extension host; this hides notification toasts
 * @property {boolean} [restricted] folders open in Restricted Mode
 * @property {boolean} [keepsRunning] for a person rather than a test: only the quiet settings
 * @property {number} [port] any free one by default
 */

/** @typedef {Awaited<ReturnType<typeof startHost>>} Host */

/**
 * Starts a VS Code host (installing VS Code where it is missing) with a profile of its own in a temporary folder,
 * `dir`, which holds whatever else the run needs too. `stop` ends the host and deletes the folder; so does the end
 * of this process, however it comes.
 * @param {HostOptions} [options]
 */
export async function startHost(options = {}) {
  const installed = await ensureHost();
  const run = runFolder();
  const dataDir = join(run.dir, 'vscode');
  try {
    writeSettings(dataDir, options);
    const packages = [options.vsix, ...(options.beside ?? [])].filter((file) => file !== undefined);
    for (const file of packages) await installExtension(installed, dataDir, file);
    return { ...(await startServer(installed, run.dir, dataDir, options)), dir: run.dir, dataDir };
  } catch (error) {
    run.remove();
    throw error;
  }
}

/**
 * @param {string} dataDir
 * @param {HostOptions} options
 */
function writeSettings(dataDir, { settings, restricted, keepsRunning }) {
  const user = join(dataDir, 'data', 'User');
  mkdirSync(user, { recursive: true });
  const all = {
    ...QUIET_SETTINGS,
    ...(keepsRunning ? {} : TEST_SETTINGS),
    ...(restricted ? RESTRICTED_SETTINGS : {}),
    ...settings,
  };
  writeFileSync(join(user, 'settings.json'), JSON.stringify(all, null, 2));
}

// The server is built to use a public gallery; an empty one keeps it from asking. The other variable would make
// it a window of the VS Code whose terminal it may have been started from.
const SERVER_ENV = { EXTENSIONS_GALLERY: '{}', VSCODE_IPC_HOOK_CLI: '' };

/** @typedef {Awaited<ReturnType<typeof ensureHost>>} Installed */

/**
 * Installs a package as `code --install-extension` does.
 * @param {Installed} installed
 * @param {string} dataDir
 * @param {string} vsix
 */
async function installExtension(installed, dataDir, vsix) {
  if (!existsSync(vsix)) throw new PlainError(`${vsix} does not exist: make it with \`npm run package\`.`);
  const common = [
    installed.server,
    '--accept-server-license-terms',
    '--disable-telemetry',
    '--server-data-dir',
    dataDir,
  ];
  const args = [...common, '--install-extension', resolve(vsix)];
  await output(installed.node, args, { env: SERVER_ENV, limitMs: INSTALL_LIMIT_MS });
}

/**
 * @param {Installed} installed
 * @param {string} runDir
 * @param {string} dataDir
 * @param {HostOptions} options
 */
async function startServer(installed, runDir, dataDir, { env, extensionTests, restricted, port = 0 }) {
  // Whoever can open the workbench can run commands as this user: on a machine with several users, a secret
  // keeps the others out. In a file, since command lines are public.
  const token = randomBytes(16).toString('hex');
  const tokenFile = join(runDir, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const args = [
    installed.server,
    ...SERVER_FLAGS,
    '--port',
    String(port),
    '--connection-token-file',
    tokenFile,
  ];
  args.push('--server-data-dir', dataDir);
  // A folder opens in Restricted Mode otherwise.
  if (!restricted) args.push('--disable-workspace-trust');
  // Newer versions ignore the test keys of the workbench's URL without this.
  if (extensionTests) args.push('--enable-smoke-test-driver');

  // Its sockets go where they are deleted with the run.
  const temp = join(runDir, 't');
  mkdirSync(temp);
  const log = collect();
  const child = startChild(installed.node, args, {
    folder: runDir,
    env: { ...SERVER_ENV, TMPDIR: temp, ...env?.(join(dataDir, 'extensions')) },
    onOutput: log.add,
  });
  const listening = log.match(/Extension host agent listening on (\d+)/, START_LIMIT_MS);
  const ended = child.exited.then((code) => {
    throw new Error(`The VS Code host ended with ${code}\n${log.text()}`);
  });
  ended.catch(() => {});
  try {
    const [, actualPort] = await Promise.race([listening, ended]);
    const authority = `127.0.0.1:${actualPort}`;
    return { authority, token, log: log.text, stop: child.stop, exited: child.exited };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

// Gathers a child's output, and waits for a line in it.
function collect() {
  let text = '';
  let check = () => {};
  return {
    text: () => text,
    /** @param {string} part */
    add(part) {
      text += part;
      check();
    },
    /**
     * @param {RegExp} pattern
     * @param {number} limitMs
     * @returns {Promise<RegExpExecArray>}
     */
    match(pattern, limitMs) {
      return new Promise((resolve, reject) => {
        const late = () =>
          reject(new Error(`The VS Code host did not start within ${limitMs / 1000} s\n${text}`));
        const timer = setTimeout(late, limitMs);
        check = () => {
          const found = pattern.exec(text);
          if (!found) return;
          clearTimeout(timer);
          resolve(found);
        };
      });
    },
  };
}

/**
 * The address of the workbench with a folder open, or the folders of a `.code-workspace` file, or nothing.
 * @param {Host} host
 * @param {string} [folder]
 * @param {[string, string][]} [payload] the key-value pairs that the workbench takes from its address
 */
export function workbenchUrl(host, folder, payload = []) {
  const query = new URLSearchParams({ tkn: host.token, ...whatToOpen(folder) });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://${host.authority}/?${query}`;
}

/** @param {string | undefined} path */
function whatToOpen(path) {
  if (path === undefined) return { ew: 'true' };
  return { [path.endsWith('.code-workspace') ? 'workspace' : 'folder']: resolve(path) };
}

/**
 * The URI by which the workbench knows a file of this machine.
 * @param {Host} host
 * @param {string} path
 */
export function remoteUri(host, path) {
  return `vscode-remote://${host.authority}${encodeURI(resolve(path))}`;
}

const TAIL = 6000;

/**
 * The end of what the server and the extension host logged, for whoever looks for the cause of a failure.
 * @param {Host} host
 */
export function failureLog(host) {
  const extensionHost = outputChannelText(host, 'remoteexthost').slice(-TAIL);
  return `The VS Code server's log:\n${host.log().slice(-TAIL)}\nThe extension host's log:\n${extensionHost}`;
}

/**
 * What an extension wrote to an output channel so far.
 * @param {Host} host
 * @param {string} channel
 */
function outputChannelText(host, channel) {
  const logs = join(host.dataDir, 'data', 'logs');
  if (!existsSync(logs)) return '';
  const files = readdirSync(logs, { recursive: true, encoding: 'utf8' });
  const mine = files.filter((file) => file.endsWith(`/${channel}.log`) || file.endsWith(`-${channel}.log`));
  return mine.map((file) => readFileSync(join(logs, file), 'utf8')).join('');
}

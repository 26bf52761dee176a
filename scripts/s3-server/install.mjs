// Installs the S3 server that the tests of the stores talk to: Ceph's radosgw from Debian's packages, unpacked into the
// cache. Nothing is installed into the system, nothing of the packages is run, and no service is started.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError, seconds, withProgress } from '../lib/log.mjs';
import { cacheRoot, sweep } from '../lib/paths.mjs';
import { exitCode, output } from '../lib/process.mjs';
import { atShutdown } from '../lib/shutdown.mjs';
import { findCommand } from '../setup.mjs';

/**
 * @typedef {object} Installation
 * @property {string} root the folder that the packages are unpacked in
 * @property {Record<string, string>} env what their programs need
 * @property {string} python the one that their scripts run on
 * @property {string} classes the folder of what the object store loads
 */

const WANTED = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'];
const PROGRAMS = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'monmaptool'];

// Raised when this script changes what it installs, so that older installations are replaced.
const RECIPE = 1;
const STAMP = '.complete';
const PART_PREFIX = 'part-of-s3-server-';
const LIMIT_MS = 5 * 60_000;
const HOUR = 3600_000;

/** Why this machine cannot have the S3 server, with what would help; nothing when it can. */
export function s3ServerUnsupported() {
  const why = "the S3 server of these tests (radosgw) comes from Debian's packages";
  if (process.platform !== 'linux') return `${why}, and this is ${process.platform}`;
  if (existsSync(join(folder(), STAMP))) return undefined;
  if (!findCommand(['apt-get'])) return `${why}, and there is no apt-get: use Debian or Ubuntu`;
  return isRoot() || isKnown()
    ? undefined
    : `${why}, and apt-get knows none: run \`sudo apt-get update\`, or this as root`;
}

/**
 * Unpacks the server unless it is there. A new installation is made next to its place and renamed to it when complete.
 * @returns {Promise<Installation>}
 */
export async function ensureS3Server() {
  const unsupported = s3ServerUnsupported();
  if (unsupported) throw new PlainError(`Cannot install the S3 server: ${unsupported}.`);
  mkdirSync(cacheRoot(), { recursive: true });
  sweep(cacheRoot(), PART_PREFIX, HOUR);
  if (!isComplete()) await install();
  return installation(folder());
}

function folder() {
  return join(cacheRoot(), `s3-server-${process.arch}`);
}

async function install() {
  const started = Date.now();
  console.log(`Unpacking the S3 server for the tests into ${folder()} (about 260 MB, once).`);
  const part = join(cacheRoot(), `${PART_PREFIX}${process.pid}-${Date.now()}`);
  const discard = () => rmSync(part, { recursive: true, force: true, maxRetries: 5 });
  const forget = atShutdown(discard, 'last');
  try {
    mkdirSync(join(part, 'packages'), { recursive: true });
    await fill(part);
    rmSync(folder(), { recursive: true, force: true });
    renameSync(part, folder());
  } catch (error) {
    // Somebody else may have put theirs there in between.
    if (!isComplete()) throw error;
  } finally {
    discard();
    forget();
  }
  console.log(`The S3 server is there (${seconds(started)}).`);
}

/** @param {string} part */
async function fill(part) {
  if (isRoot()) await apt(['update']);
  const plan = await output('apt-get', ['-s', '--no-install-recommends', 'install', ...WANTED]);
  const names = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
  // What the system has already is used from there, but the server itself has to be in one place.
  const packages = [...new Set([...WANTED, 'ceph-base', ...names])];
  const downloads = join(part, 'packages');
  await apt(['download', ...packages], downloads);
  await withProgress(`unpacking ${packages.length} packages`, async () => {
    for (const name of readdirSync(downloads)) await output('dpkg-deb', ['-x', join(downloads, name), part]);
  });
  rmSync(downloads, { recursive: true });
  const missing = missingLibraries(part);
  if (missing) throw new PlainError(`The S3 server cannot run: ${missing}.`);
  writeFileSync(join(part, STAMP), stamp());
}

/**
 * @param {string[]} args
 * @param {string} [cwd]
 */
async function apt(args, cwd) {
  // The user that apt-get would download as may not write there.
  const whole = ['-q', '-o', 'APT::Sandbox::User=root', ...args];
  const told = `apt-get ${args[0]}`;
  const code = await withProgress(told, () =>
    exitCode('apt-get', whole, { limitMs: LIMIT_MS, onOutput: () => {}, ...(cwd && { cwd }) }),
  );
  if (code !== 0) throw new PlainError(`${told} ended with ${code}: is the network there?`);
}

function isRoot() {
  return process.getuid?.() === 0;
}

function isKnown() {
  try {
    return execFileSync('apt-cache', ['policy', 'radosgw'], { encoding: 'utf8' }).includes('Candidate: ');
  } catch {
    return false;
  }
}

function isComplete() {
  const file = join(folder(), STAMP);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== stamp()) return false;
  // Libraries of the system are used too, and the system may have changed.
  return missingLibraries(folder()) === undefined;
}

// Packages of another release of the system do not fit.
function stamp() {
  const release = /^VERSION_ID=.*$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[0] ?? 'unstable';
  return `recipe ${RECIPE}, ${release}\n`;
}

/** @param {string} root */
function missingLibraries(root) {
  const files = PROGRAMS.map((name) => join(root, 'usr', 'bin', name));
  const absent = files.find((file) => !existsSync(file));
  if (absent) return `${absent} is not there`;
  const { env } = installation(root);
  const told = execFileSync('ldd', files, { encoding: 'utf8', env: { ...process.env, ...env } });
  return /^\s*(\S+ => not found)/m.exec(told)?.[1];
}

/**
 * @param {string} root
 * @returns {Installation}
 */
function installation(root) {
  const libraries = ['usr/lib', 'lib'].flatMap((name) => withSubfolders(join(root, name)));
  const named = (/** @type {string} */ name) => libraries.find((one) => existsSync(join(one, name)));
  const own = join(root, 'usr', 'bin', 'python3');
  const path = ['usr/bin', 'usr/sbin', 'bin'].map((name) => join(root, name));
  return {
    root,
    python: existsSync(own) ? own : '/usr/bin/python3',
    classes: named('libcls_rgw.so') ?? '',
    env: {
      LD_LIBRARY_PATH: libraries.filter((one) => !/classes|python/.test(one)).join(':'),
      PYTHONPATH: join(root, 'usr', 'lib', 'python3', 'dist-packages'),
      ...(existsSync(own) && { PYTHONHOME: join(root, 'usr') }),
      PATH: [...path, process.env.PATH ?? ''].join(':'),
    },
  };
}

/**
 * The folders of a system's libraries: `lib`, `lib/x86_64-linux-gnu`, and those right below it.
 * @param {string} top
 */
function withSubfolders(top) {
  const below = (/** @type {string} */ at) =>
    existsSync(at) ? readdirSync(at, { withFileTypes: true }).filter((one) => one.isDirectory()) : [];
  const machines = below(top).filter(({ name }) => name.includes('-linux-'));
  const folders = machines.map(({ name }) => join(top, name));
  return [top, ...folders, ...folders.flatMap((at) => below(at).map(({ name }) => join(at, name)))];
}

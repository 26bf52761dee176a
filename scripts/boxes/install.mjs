// Makes the file system that the boxes of tests boot from: a small Debian with systemd, kept in the cache. Nothing of it runs on
// this machine itself.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { targets } from '../agent-package/targets.mjs';
import { PlainError, seconds, withProgress } from '../lib/log.mjs';
import { cacheRoot, runFolder, sweep } from '../lib/paths.mjs';
import { exitCode } from '../lib/process.mjs';
import { atShutdown } from '../lib/shutdown.mjs';
import { ensureDebianPackages, whyNotThere } from '../setup.mjs';
import { cgroupRoots } from './cgroups.mjs';

/** What this machine needs. */
const TOOLS = /** @type {const} */ ([
  ...['mmdebstrap', 'systemd-container', 'iproute2', 'openssh-client'],
  // Virtualenvs of example apps are built here.
  'python3-venv',
]);

/** What a box has beside Debian's smallest. */
const PLAIN = [
  ...['systemd', 'systemd-sysv', 'dbus', 'iproute2', 'procps', 'ca-certificates', 'libstdc++6'],
  ...['init-system-helpers', 'openssh-server', 'curl', 'python3-minimal'],
];
/** What apps run on: none of it is started before a test does. */
const SERVERS = ['haproxy', 'nginx-light', 'apache2', 'supervisor', 'tomcat10'];
const LIBRARIES = ['python3-venv', 'python3-django', 'gunicorn', 'gettext'];

/** The kinds of boxes: `servers` have what realistic apps need, and take longer to make. */
const PACKAGES = /** @type {const} */ ({ plain: PLAIN, servers: [...PLAIN, ...SERVERS, ...LIBRARIES] });
/** @typedef {keyof typeof PACKAGES} BoxKind */
/** About how much room they take, in MB. */
const SIZES = { plain: 260, servers: 720 };

// Raised when this script changes what it makes of them.
const RECIPE = 2;
const STAMP = '.strata-box';
const PART_PREFIX = 'part-of-box-';
const LIMIT_MS = 8 * 60_000;
const HOUR = 3600_000;

/** Why this machine cannot run boxes, with what would help; nothing when it can. */
export function boxesUnsupported() {
  const why = 'boxes are Linux containers with systemd (systemd-nspawn)';
  if (process.platform !== 'linux') return `${why}, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return `${why}, which only root can start: run this as root`;
  if (sources() === undefined)
    return `${why}, made of Debian's packages, and no sources of them are in /etc/apt: use Debian or Ubuntu`;
  if (targets().length === 0)
    return `there is no npm package of Node for ${process.arch} to put into the agent's packages`;
  const missing = whyNotThere([...TOOLS]);
  if (missing) return missing;
  if (cgroupRoots().length === 0)
    return `${why}, and they cannot have control groups of their own: /sys/fs/cgroup has to be mounted writable`;
  return whyNoContainers(why);
}

/**
 * Makes the file system unless it is there.
 * @param {BoxKind} kind
 * @returns {Promise<string>} its folder
 */
export async function ensureBoxRoot(kind) {
  const unsupported = boxesUnsupported();
  if (unsupported) throw new PlainError(`Cannot run boxes: ${unsupported}.`);
  await ensureDebianPackages([...TOOLS]);
  mkdirSync(cacheRoot(), { recursive: true });
  sweep(cacheRoot(), PART_PREFIX, HOUR);
  if (!isComplete(kind)) await make(kind);
  return folder(kind);
}

// What containers need of the kernel: namespaces, and one folder laid over another.
/** @param {string} why */
function whyNoContainers(why) {
  const { dir, remove } = runFolder();
  try {
    for (const name of ['lower', 'upper', 'work', 'merged']) mkdirSync(join(dir, name));
    const options = 'lowerdir=lower,upperdir=upper,workdir=work';
    const mount = `cd "$0" && mount -t overlay strata -o ${options} merged && mount -t proc proc merged`;
    execFileSync('unshare', ['--mount', '--net', '--pid', '--fork', 'sh', '-c', mount, dir], {
      stdio: 'pipe',
    });
    return undefined;
  } catch (error) {
    const told = String(/** @type {{ stderr?: Buffer }} */ (error).stderr ?? error).trim();
    return `${why}, and this machine does not let them be made (${told}): a container needs --privileged for it`;
  } finally {
    remove();
  }
}

/** @param {BoxKind} kind */
function folder(kind) {
  const name = kind === 'plain' ? 'box' : `box-${kind}`;
  return join(cacheRoot(), `${name}-${process.arch}`);
}

/** @param {BoxKind} kind */
function isComplete(kind) {
  const file = join(folder(kind), STAMP);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp(kind);
}

/** @param {BoxKind} kind */
function stamp(kind) {
  const recipe = JSON.stringify([RECIPE, suite(), PACKAGES[kind], sources()]);
  return `${createHash('sha256').update(recipe).digest('hex')}\n`;
}

/** @param {BoxKind} kind */
async function make(kind) {
  const started = Date.now();
  console.log(`Making the file system of boxes in ${folder(kind)} (about ${SIZES[kind]} MB, once).`);
  const part = join(cacheRoot(), `${PART_PREFIX}${process.pid}-${Date.now()}`);
  const discard = () => rmSync(part, { recursive: true, force: true, maxRetries: 5 });
  const forget = atShutdown(discard, 'last');
  try {
    await fill(part, kind);
    rmSync(folder(kind), { recursive: true, force: true });
    renameSync(part, folder(kind));
  } catch (error) {
    // Somebody else may have put theirs there in between.
    if (!isComplete(kind)) throw error;
  } finally {
    discard();
    forget();
  }
  console.log(`The file system of boxes is there (${seconds(started)}).`);
}

/**
 * @param {string} part
 * @param {BoxKind} kind
 */
async function fill(part, kind) {
  const list = `${part}.sources`;
  writeFileSync(list, sources() ?? '');
  let said = '';
  const onOutput = (/** @type {string} */ text) => {
    said = (said + text).slice(-4000);
  };
  const include = `--include=${PACKAGES[kind].join(',')}`;
  const args = ['--mode=root', '--variant=minbase', include, suite(), part, list];
  const code = await withProgress('mmdebstrap', () =>
    exitCode('mmdebstrap', args, { limitMs: LIMIT_MS, onOutput, env: { TMPDIR: '/tmp' } }),
  );
  rmSync(list);
  if (code !== 0) throw new PlainError(`mmdebstrap ended with ${code}: is the network there?\n${said}`);
  settle(part, kind);
}

// What a box makes for itself when it boots first, and what tests start themselves.
/**
 * @param {string} part
 * @param {BoxKind} kind
 */
function settle(part, kind) {
  writeFileSync(join(part, 'etc/machine-id'), '');
  rmSync(join(part, 'etc/resolv.conf'), { force: true });
  const quiet = ['ssh.service', 'apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer'];
  const servers = kind === 'plain' ? [] : ['nginx', ...SERVERS.filter((name) => name !== 'nginx-light')];
  const disabled = [...quiet, ...servers.map((name) => `${name}.service`)];
  execFileSync('systemctl', ['--root', part, '--quiet', 'disable', ...disabled], { stdio: 'pipe' });
  writeFileSync(join(part, STAMP), stamp(kind));
}

/** Where this machine has Debian's packages from; nothing else that it may have packages from. */
function sources() {
  const files = ['sources.list.d/debian.sources', 'sources.list.d/ubuntu.sources', 'sources.list'];
  const file = files.map((name) => join('/etc/apt', name)).find((one) => existsSync(one));
  return file && readFileSync(file, 'utf8');
}

function suite() {
  return /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
}

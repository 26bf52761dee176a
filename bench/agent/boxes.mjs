// Boxes for the scenarios: agents that are processes of their own, and deploy from one store.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PlainError } from '../../scripts/lib/log.mjs';
import { projectNode } from '../../scripts/setup.mjs';

/**
 * @typedef {object} Box
 * @property {string} name
 * @property {string} root
 * @property {string} url
 * @property {string} token
 * @property {number} pid
 * @property {() => Promise<void>} stop
 */

/**
 * Starts an agent in a folder of its own, from which on it listens.
 * @param {{ folder: string, agent: string }} bench
 * @param {string} store
 * @param {string} [name]
 * @param {string[]} [flags] for Node
 * @returns {Promise<Box>}
 */
export async function startBox({ folder, agent }, store, name = 'box', flags = []) {
  const { createToken } = await import('../../agent/auth/tokenFiles.ts');
  const root = mkdtempSync(join(folder, `${name}-`));
  const state = join(root, '.strata');
  for (const one of [state, join(root, '.configs'), store]) mkdirSync(one, { recursive: true });
  const config = {
    environment: 'qa',
    repository: { store, trust: { unsigned: ['*'] } },
    configs: { folder: join(root, '.configs') },
    listen: { address: '127.0.0.1:0' },
    hooks: { timeout: '10m' },
  };
  writeFileSync(join(state, 'agent.yaml'), JSON.stringify(config));
  const rights = { scopes: /** @type {const} */ (['admin']), apps: ['*'], channels: ['*'] };
  const asked = { name: 'bench', expires: null, ...rights, scopes: [...rights.scopes] };
  const { text } = createToken(state, asked, Date.now());
  const child = spawn(projectNode(), [...flags, agent, 'run', '--root', root], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let wrong = '';
  child.stderr.setEncoding('utf8').on('data', (part) => {
    wrong += part;
  });
  const ended = once(child, 'close');
  const url = await Promise.race([addressOf(child), ended.then(() => undefined)]);
  if (url === undefined) throw new PlainError(`an agent did not start: ${wrong}`);
  return {
    ...{ name, root, url, token: text, pid: child.pid ?? 0 },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child */
function addressOf(child) {
  let said = '';
  return new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const [, url] = /^listening on (http:\S+)\n/m.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

/**
 * Does something with many agents, which end then.
 * @template T
 * @param {{ folder: string, agent: string }} bench
 * @param {number} count
 * @param {string} store
 * @param {(boxes: Box[]) => Promise<T>} work
 */
export async function withBoxes(bench, count, store, work) {
  /** @type {Box[]} */
  const boxes = [];
  try {
    // A few at a time: each start needs a core.
    while (boxes.length < count) {
      const some = Array.from({ length: Math.min(4, count - boxes.length) }, (_, at) =>
        startBox(bench, store, `b${boxes.length + at + 1}`),
      );
      const started = await Promise.allSettled(some);
      for (const one of started) if (one.status === 'fulfilled') boxes.push(one.value);
      for (const one of started) if (one.status === 'rejected') throw one.reason;
    }
    return await work(boxes);
  } finally {
    await Promise.all(boxes.map((box) => box.stop()));
  }
}

/**
 * Uploads a version of the shop: its files, of which those below `deploy/hooks` can be run.
 * @param {{ folder: string }} bench
 * @param {string} store
 * @param {string} version
 * @param {Record<string, string>} files
 */
export async function uploadShop({ folder }, store, version, files) {
  const tree = mkdtempSync(join(folder, 'tree-'));
  for (const [name, text] of Object.entries({ 'version.txt': version, ...files })) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), text, { mode: name.startsWith('deploy/hooks/') ? 0o755 : 0o644 });
  }
  await uploadTree({ folder }, store, version, tree);
}

/**
 * Packs a folder, and uploads it as a version of the shop.
 * @param {{ folder: string }} bench
 * @param {string} store
 * @param {string} version
 * @param {string} tree
 * @returns the archive
 */
export async function uploadTree({ folder }, store, version, tree) {
  const { listTree } = await import('../../artifact/archive/listTree.ts');
  const { packArchiveFile } = await import('../../artifact/archive/pack.ts');
  const { openRepository, seriesOf } = await import('../../artifact/repository/repository.ts');
  const { upload } = await import('../../artifact/repository/upload.ts');
  const { localStore } = await import('../../artifact/store/localStore.ts');
  const file = join(mkdtempSync(join(folder, 'archive-')), 'shop.tar.gz');
  const sources = [{ root: tree, names: listTree(tree) }];
  await packArchiveFile(file, { top: 'shop', sources, mtime: 1_700_000_000, compression: 'gzip' });
  mkdirSync(store, { recursive: true });
  const repository = openRepository(localStore(store), { keys: [], unsigned: [{ app: '*', channel: '*' }] });
  await upload(repository, seriesOf('shop'), { version, file });
  return file;
}

/**
 * What `strata` needs to talk to boxes: a workspace that names them, and tokens for them.
 * @param {{ folder: string }} bench
 * @param {readonly Box[]} boxes
 */
export function workspaceOf({ folder }, boxes) {
  const workspace = mkdtempSync(join(folder, 'workspace-'));
  const entries = boxes.map(({ name, url }) => `  ${name}: {url: "${url}", environment: qa}\n`);
  const manifest = `environments: {qa: {}}\napps: {shop: {folder: .}}\nboxes:\n${entries.join('')}`;
  writeFileSync(join(workspace, 'strata.yaml'), manifest);
  const tokens = boxes.map(({ name, token }) => [`STRATA_TOKEN_${name.toUpperCase()}`, token]);
  const env = {
    ...process.env,
    ...{ XDG_STATE_HOME: join(workspace, '.state'), XDG_CONFIG_HOME: join(workspace, '.config') },
    ...Object.fromEntries(tokens),
  };
  return { workspace, env };
}

/**
 * What a process takes of the memory, in megabytes, by a line of its status: `VmHWM` is the most it took. Only Linux tells.
 * @param {number} pid
 * @param {string} key
 */
export function memoryOf(pid, key) {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return Number.NaN;
  const [, kb] = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8')) ?? [];
  return Number(kb) / 1000;
}

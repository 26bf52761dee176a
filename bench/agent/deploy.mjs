// node bench/agent/deploy.mjs [--runs 5] [--folder /dev/shm]
// A deployment of 100 MB in 5,000 files from a store on the same disk, held against the bare limit: to read, check and decompress the
// archive, extract it, wait for the disk and swing a link. Both in turns, in one run; the ratio is that of their medians.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeTree } from '../artifact/tree.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, folder: { type: 'string', default: tmpdir() } },
});
const { listTree } = await import('../../artifact/archive/listTree.ts');
const { packArchiveFile } = await import('../../artifact/archive/pack.ts');
const { openRepository, seriesOf } = await import('../../artifact/repository/repository.ts');
const { upload } = await import('../../artifact/repository/upload.ts');
const { localStore } = await import('../../artifact/store/localStore.ts');
const { startAgent } = await import('../../agent/deploy/startAgent.ts');
const { fileJournals } = await import('../../agent/journal/fileJournals.ts');

const folder = mkdtempSync(join(String(values.folder), 'strata-bench-'));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true });
}

async function measure() {
  const at = (/** @type {string} */ name) => join(folder, name);
  const archive = await packed(at('tree'), at('shop.tar.gz'));
  mkdirSync(at('store'));
  const trust = { keys: [], unsigned: [{ app: '*', channel: '*' }] };
  const repository = openRepository(localStore(at('store')), trust);
  await upload(repository, seriesOf('shop'), { version: '1', file: archive });
  const agent = await startAgent({
    ...{ root: at('root'), repository, journals: fileJournals(at('root/.strata-agent')) },
    settings: () => ({ environment: 'bench', keep: 0 }),
    plan: () => Promise.reject(new Error('there are no plans here')),
    config: () => Promise.reject(new Error('there is no config here')),
  });
  /** @type {{ strata: number[], bare: number[] }} */
  const times = { strata: [], bare: [] };
  for (let run = 0; run <= Number(values.runs); run++) {
    const [bare, strata] = [
      await timed(() => extract(archive, at('bare'))),
      await timed(() => deploy(agent)),
    ];
    // The first turn warms up.
    if (run > 0) times.bare.push(bare);
    if (run > 0) times.strata.push(strata);
  }
  await agent.drain();
  const [strata, bare] = [median(times.strata), median(times.bare)];
  console.log(
    JSON.stringify({ strataMs: strata, bareMs: bare, ratio: Math.round((strata / bare) * 100) / 100 }),
  );
}

/**
 * @param {string} tree
 * @param {string} archive
 */
async function packed(tree, archive) {
  mkdirSync(tree);
  writeTree(tree);
  const sources = [{ root: tree, names: listTree(tree) }];
  await packArchiveFile(archive, { top: 'shop', sources, mtime: 1_700_000_000, compression: 'gzip' });
  return archive;
}

/** @param {import('../../agent/service.ts').Agent} agent */
async function deploy(agent) {
  const { id } = await agent.deploy({ app: 'shop', version: '1', force: true }, { name: 'bench' }, undefined);
  const how = { follow: true, signal: new AbortController().signal };
  for await (const event of agent.events(id, 0, how)) {
    if (event.type === 'end' && event.result !== 'done')
      throw new Error(`it ended as ${event.result}: ${event.reason}`);
  }
}

/**
 * @param {string} archive
 * @param {string} into
 */
async function extract(archive, into) {
  const script =
    'sha256sum "$1"; mkdir -p "$2/new"; tar xzf "$1" -C "$2/new"; sync -f "$2/new"; ln -sfn new "$2/.live"; mv -T "$2/.live" "$2/live"';
  const { status } = spawnSync('sh', ['-ec', script, 'sh', archive, into], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`the bare commands ended with ${status}`);
}

/** @param {() => Promise<void>} work */
async function timed(work) {
  rmSync(join(folder, 'bare'), { recursive: true, force: true });
  spawnSync('sync');
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** @param {number[]} all */
function median(all) {
  return Math.round(all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0);
}

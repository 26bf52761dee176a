// A deployment of 100 MB in 5,000 files from a store on the same disk, held against the bare limit: to read, check and decompress the
// archive, extract it, wait for the disk and swing a link. Both in turns, in one run; once on the disk, once in memory.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../../scripts/lib/log.mjs';
import { writeTree } from '../artifact/tree.mjs';
import { inTurns, shellDuration } from '../artifact/turns.mjs';
import { ratioFigure } from '../lsp/figures.mjs';
import { startBox, uploadTree } from './boxes.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

const bare =
  'sha256sum "$1"; mkdir -p "$2/new"; tar xzf "$1" -C "$2/new"; sync -f "$2/new"; ln -sfn new "$2/.live"; mv -T "$2/.live" "$2/live"';
const inMemory = '/dev/shm';

/** @param {Bench} bench */
export async function deploy(bench) {
  const figures = [await measure(bench, bench.folder, 'on a disk')];
  if (!existsSync(inMemory)) return figures;
  const folder = mkdtempSync(join(inMemory, 'strata-bench-'));
  try {
    return [...figures, await measure(bench, folder, 'in memory (tmpfs)')];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Bench} bench
 * @param {string} folder
 * @param {string} where
 */
async function measure(bench, folder, where) {
  const own = { ...bench, folder };
  const [tree, store, made] = ['tree', 'deploy-store', 'bare'].map((name) => join(folder, name));
  if (tree === undefined || store === undefined || made === undefined) throw new Error('names have paths');
  mkdirSync(tree);
  writeTree(tree);
  const archive = await uploadTree(own, store, '1', tree);
  rmSync(tree, { recursive: true });
  const box = await startBox(own, store, 'deploy', bench.flags);
  try {
    const runs = await inTurns(bench.runs, {
      made,
      strata: () => deployTo(box),
      other: (into) => shellDuration(bare, archive, into),
    });
    const row = { what: `deploy 100 MB ${where}`, peer: 'sha256sum, tar xzf, sync, ln, mv', target: 1.25 };
    return ratioFigure(row, runs);
  } finally {
    await box.stop();
  }
}

/** @param {import('./boxes.mjs').Box} box */
async function deployTo({ name, url, token }) {
  const { openAgent } = await import('../../remote/openAgent.ts');
  const remote = openAgent({ name, url }, { token });
  const { signal } = new AbortController();
  const started = performance.now();
  const request = { app: 'shop', version: '1', force: true };
  const { id } = await remote.deploy(request, `${process.pid}-${started}`, signal);
  for await (const event of remote.events(id, 0, { follow: true, signal })) {
    if (event.type === 'end' && event.result !== 'done') throw new PlainError(`it ended: ${event.reason}`);
  }
  return performance.now() - started;
}

// Packing and unpacking, against the commands that everybody has.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { plainFigure, ratioFigure } from '../lsp/figures.mjs';
import { nodeOutput, peakMemory } from '../processes.mjs';
import { inTurns, shellDuration, taskDuration } from './turns.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

const MEMORY_TARGET = 200;

/** @param {Bench} bench */
export async function packing({ tasks, tree, folder, runs }) {
  const made = join(folder, 'packed');
  const against = async (/** @type {string} */ compression, /** @type {string} */ command) =>
    inTurns(runs, {
      made,
      strata: (file) => taskDuration(tasks, 'pack', tree, file, compression),
      other: (file) => shellDuration(`tar --sort=name -C "$1" -cf - . | ${command} >"$2"`, tree, file),
    });
  const row = (/** @type {string} */ what, /** @type {string} */ peer, target = Number.NaN) => ({
    ...{ what, peer: `tar --sort=name, ${peer}`, target },
  });
  return [
    ratioFigure(row('package: zstd', 'zstd -3', 1.2), await against('zstd', 'zstd -q -3')),
    ratioFigure(row('package: zstd', 'zstd -3 -T0'), await against('zstd', 'zstd -q -3 -T0')),
    ratioFigure(row('package: gzip', 'gzip -6'), await against('gzip', 'gzip -6')),
  ];
}

/** @param {Bench} bench */
export async function unpacking({ tasks, archive, folder, runs }) {
  const pairs = await inTurns(runs, {
    made: join(folder, 'unpacked'),
    strata: (into) => taskDuration(tasks, 'unpack', archive, into),
    other: (into) => shellDuration('mkdir "$2" && tar -xf "$1" -C "$2"', archive, into),
  });
  return [ratioFigure({ what: 'unpack: zstd', peer: 'tar -x', target: 1.2 }, pairs)];
}

/** @param {Bench} bench */
export async function memory({ tasks, tree, largeTree, folder, runs }) {
  const figures = [];
  for (const [root, size] of [
    [tree, '100 MB'],
    [largeTree, '300 MB'],
  ]) {
    const file = join(folder, 'for-memory');
    const packs = [];
    const unpacks = [];
    for (let run = 0; run < runs; run++) {
      rmSync(file, { force: true });
      packs.push({ strata: (await peakMemory([tasks, 'pack', root, file, 'zstd'])) / 1000 });
      const into = join(folder, 'for-memory-unpacked');
      unpacks.push({ strata: (await peakMemory([tasks, 'unpack', file, into])) / 1000 });
      rmSync(into, { recursive: true });
    }
    const row = (/** @type {string} */ what) => ({
      what: `${what} ${size}: the most memory`,
      peer: '',
      target: MEMORY_TARGET,
    });
    figures.push(plainFigure(row('package'), 'MB', packs), plainFigure(row('unpack'), 'MB', unpacks));
  }
  return figures;
}

/**
 * Packs a tree once, for what needs an archive.
 * @param {string} tasks
 * @param {string} tree
 * @param {string} file
 */
export async function makeArchive(tasks, tree, file) {
  await nodeOutput([tasks, 'pack', tree, file, 'zstd']);
}

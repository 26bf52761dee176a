// The memory of `strata-agent run` that has nothing to do. Linux tells it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { plainFigure } from '../lsp/figures.mjs';
import { startBox } from './boxes.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

/** @param {Bench} bench */
export async function memory(bench) {
  if (process.platform !== 'linux') {
    console.log('  memory: skipped, it is read from /proc, which only Linux has');
    return [];
  }
  /** @type {{ rss: number, pss: number }[]} */
  const measured = [];
  for (let run = 0; run < bench.runs; run++) measured.push(await atRest(bench));
  const figure = (
    /** @type {string} */ what,
    /** @type {'rss' | 'pss'} */ key,
    /** @type {number} */ target,
  ) =>
    plainFigure(
      { what, peer: '', target },
      'MB',
      measured.map((one) => ({ strata: one[key] })),
    );
  return [
    figure('an idle agent: resident memory', 'rss', 80),
    figure('an idle agent: its part of what processes share (PSS)', 'pss', Number.POSITIVE_INFINITY),
  ];
}

/**
 * In megabytes, after a rest.
 * @param {Bench} bench
 */
async function atRest(bench) {
  const box = await startBox(bench, join(bench.folder, 'memory-store'), 'memory');
  try {
    await pause(bench.restMs);
    const text = readFileSync(`/proc/${box.pid}/smaps_rollup`, 'utf8');
    const of = (/** @type {string} */ key) =>
      Number(new RegExp(`^${key}: +(\\d+) kB`, 'm').exec(text)?.[1]) / 1000;
    return { rss: of('Rss'), pss: of('Pss') };
  } finally {
    await box.stop();
  }
}

// `strata render --all`, against the language server's index of the same layers.
import { join } from 'node:path';
import { PlainError } from '../../scripts/lib/log.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { duration } from '../processes.mjs';
import { ratioFigure } from './figures.mjs';
import { repeat, startToReady } from './startup.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

/** @param {Bench} bench */
export async function renderAll({ folder, ownFolder, apps, slowRuns }) {
  const render = (/** @type {string} */ where) =>
    duration([join(root, 'dist', 'cli.js'), 'render', '--all', '-C', where]);
  try {
    await render(ownFolder);
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    console.log('  render: `strata render --all` is not there, or failed');
    return [];
  }
  const once = async () => ({ strata: await render(folder), other: await startToReady(folder) });
  const contexts = (apps * 7 + 7).toLocaleString('en');
  const row = {
    what: `strata render --all, ${contexts} contexts`,
    peer: 'start to the whole index',
    target: 2,
  };
  return [ratioFigure(row, await repeat(slowRuns, once))];
}

// Fifty agents: how long `strata status` takes, and a rollout over all of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PlainError } from '../../scripts/lib/log.mjs';
import { projectNode } from '../../scripts/setup.mjs';
import { plainFigure } from '../lsp/figures.mjs';
import { memoryOf, uploadShop, withBoxes, workspaceOf } from './boxes.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

const hooks = {
  'deploy/hooks/prepare': '#!/bin/sh\necho preparing\n',
  'deploy/hooks/deployed': '#!/bin/sh\necho deployed\n',
};

/** @param {Bench} bench */
export async function status(bench) {
  const store = join(bench.folder, 'status-store');
  await uploadShop(bench, store, '1', hooks);
  return await withBoxes(bench, bench.boxes, store, async (boxes) => {
    const known = workspaceOf(bench, boxes);
    await strata(bench, known, ['deploy', 'shop', '-e', 'qa', '--yes', '--batch', '100%']);
    /** @type {{ strata: number, other: number }[]} */
    const runs = [];
    for (let run = 0; run <= bench.runs; run++) {
      const bare = await strata(bench, known, ['--version']);
      runs.push({ strata: await strata(bench, known, ['status']), other: bare });
    }
    const what = `strata status of ${boxes.length} boxes`;
    // The first turn warms up.
    return [plainFigure({ what, peer: 'strata --version', target: 1000 }, 'ms', runs.slice(1))];
  });
}

/** @param {Bench} bench */
export async function fleet(bench) {
  const store = join(bench.folder, 'fleet-store');
  for (const version of ['1', '2']) await uploadShop(bench, store, version, hooks);
  return await withBoxes(bench, bench.boxes, store, async (boxes) => {
    const known = workspaceOf(bench, boxes);
    const rollout = ['deploy', 'shop', '-e', 'qa', '--yes', '--force', '--batch', '50%', '--version'];
    /** @type {{ strata: number }[]} */
    const runs = [];
    for (let run = 0; run <= bench.runs; run++) {
      runs.push({ strata: await strata(bench, known, [...rollout, `${1 + (run % 2)}`]) });
    }
    const peaks = boxes.map(({ pid }) => ({ strata: memoryOf(pid, 'VmHWM') }));
    const all = boxes.reduce((sum, { pid }) => sum + memoryOf(pid, 'VmRSS'), 0);
    const none = { peer: '', target: Number.POSITIVE_INFINITY };
    return [
      plainFigure(
        { what: `a rollout over ${boxes.length} agents, half of them at a time`, ...none },
        'ms',
        runs,
      ),
      plainFigure({ what: 'the most memory that each of them took', ...none }, 'MB', peaks),
      plainFigure({ what: 'the memory of all of them afterwards', ...none }, 'MB', [{ strata: all }]),
    ];
  });
}

/**
 * How long the command takes, in milliseconds.
 * @param {Bench} bench
 * @param {{ workspace: string, env: NodeJS.ProcessEnv }} known
 * @param {string[]} args
 */
async function strata({ cli }, { workspace, env }, args) {
  const started = performance.now();
  const child = spawn(projectNode(), [cli, ...args], {
    cwd: workspace,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    said += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new PlainError(`strata ${args.join(' ')} ended with ${code}: ${said}`);
  return performance.now() - started;
}

// The memory of `strata-agent run` that has nothing to do. Linux tells it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PlainError } from '../../scripts/lib/log.mjs';
import { projectNode } from '../../scripts/setup.mjs';
import { plainFigure } from '../lsp/figures.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

/** @param {Bench} bench */
export async function memory({ folder, agent, runs, restMs }) {
  if (process.platform !== 'linux') {
    console.log('  memory: skipped, it is read from /proc, which only Linux has');
    return [];
  }
  /** @type {{ rss: number, pss: number }[]} */
  const measured = [];
  for (let run = 0; run < runs; run++) measured.push(await memoryOf(folder, agent, restMs));
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
 * @param {string} folder
 * @param {string} agent
 * @param {number} restMs
 */
async function memoryOf(folder, agent, restMs) {
  const root = mkdtempSync(join(folder, 'box-'));
  for (const name of ['.strata', '.configs', '.artifacts']) mkdirSync(join(root, name));
  const config = {
    environment: 'qa',
    repository: { store: join(root, '.artifacts') },
    configs: { folder: join(root, '.configs') },
    listen: { address: '127.0.0.1:0' },
  };
  writeFileSync(join(root, '.strata/agent.yaml'), JSON.stringify(config));
  const child = spawn(projectNode(), [agent, 'run', '--root', root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  try {
    const [said] = await Promise.race([once(child.stdout, 'data'), ended]);
    if (!String(said).includes('listening')) throw new PlainError('the agent did not start');
    await pause(restMs);
    const text = readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8');
    const of = (/** @type {string} */ key) =>
      Number(new RegExp(`^${key}: +(\\d+) kB`, 'm').exec(text)?.[1]) / 1000;
    return { rss: of('Rss'), pss: of('Pss') };
  } finally {
    child.kill();
    await ended;
  }
}

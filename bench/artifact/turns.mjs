// Strata and what it is held against, in turns.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { PlainError } from '../../scripts/lib/log.mjs';
import { duration } from '../processes.mjs';

/**
 * How long a shell script took, in milliseconds.
 * @param {string} script what it takes is `$1`, `$2` ...
 * @param {string[]} args
 */
export async function shellDuration(script, ...args) {
  const started = performance.now();
  const child = spawn('sh', ['-ec', script, 'sh', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new PlainError(`\`${script}\` ended with ${code}.`);
  return performance.now() - started;
}

/**
 * Times both sides in turns, after one turn that does not count. What a turn made is deleted, and the disk is at rest, before
 * the next begins.
 * @param {number} runs
 * @param {{ strata: (made: string) => Promise<number>, other: (made: string) => Promise<number>, made: string }} sides
 *   each makes what stands in `made`
 */
export async function inTurns(runs, { strata, other, made }) {
  const turn = async (/** @type {(made: string) => Promise<number>} */ side) => {
    await shellDuration('sync');
    const took = await side(made);
    rmSync(made, { recursive: true, force: true });
    return took;
  };
  /** @type {{ strata: number, other: number }[]} */
  const pairs = [];
  for (let run = 0; run <= runs; run++) {
    pairs.push({ strata: await turn(strata), other: await turn(other) });
  }
  return pairs.slice(1);
}

/**
 * How long one of `tasks.mjs` took as a process, in milliseconds.
 * @param {string} tasks the bundle
 * @param {string[]} args
 */
export function taskDuration(tasks, ...args) {
  return duration([tasks, ...args]);
}

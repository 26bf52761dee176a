// Measures whole processes against each other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PlainError } from '../scripts/lib/log.mjs';
import { projectNode } from '../scripts/setup.mjs';

const PEAK_MEMORY = new URL('./peakMemory.mjs', import.meta.url).href;
const MEMORY_RUNS = 3;

/** @typedef {{ min: number, median: number, max: number }} Spread */

/**
 * @typedef {object} Measured one of the processes
 * @property {Spread} milliseconds from its start to its end
 * @property {number} kilobytes the most memory that it had: the median of a few further runs
 */

/**
 * Runs processes in turns, A B C A B C, so that whatever else the machine does hits all of them alike.
 * @template {string} Name
 * @param {Record<Name, string[]>} processes what each gives to Node: a script and its arguments
 * @param {number} rounds
 */
export async function measure(processes, rounds) {
  const names = /** @type {Name[]} */ (Object.keys(processes));
  // The first run of each fills the system's caches of files, and does not count.
  for (const name of names) await duration(processes[name]);
  /** @type {Record<Name, number>[]} */
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const row = /** @type {Record<Name, number>} */ ({});
    for (const name of names) row[name] = await duration(processes[name]);
    times.push(row);
  }
  const measured = /** @type {Record<Name, Measured>} */ ({});
  for (const name of names) {
    const memory = [];
    for (let run = 0; run < MEMORY_RUNS; run++) memory.push(await peakMemory(processes[name]));
    measured[name] = {
      milliseconds: spread(times.map((row) => row[name])),
      kilobytes: spread(memory).median,
    };
  }
  /** How many times as long one took as the other, each round for itself. */
  const ratio = (/** @type {Name} */ one, /** @type {Name} */ other) =>
    spread(times.map((row) => row[one] / row[other]));
  return { measured, ratio };
}

/**
 * Runs Node and gives what it printed.
 * @param {string[]} args
 */
export async function nodeOutput(args) {
  let text = '';
  const child = spawn(projectNode(), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  await ended(child, args);
  return text;
}

/**
 * How long a process took from its start to its end, in milliseconds.
 * @param {string[]} args
 */
export async function duration(args) {
  const started = performance.now();
  await nodeOutput(args);
  return performance.now() - started;
}

/**
 * The most memory that a process had, in kilobytes.
 * @param {string[]} args
 */
export async function peakMemory(args) {
  const child = spawn(projectNode(), ['--import', PEAK_MEMORY, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  let text = '';
  child.stdio[3]?.on('data', (part) => {
    text += part;
  });
  await ended(child, args);
  return Number(text);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string[]} args
 */
async function ended(child, args) {
  const [code] = await once(child, 'close');
  if (code !== 0) throw new PlainError(`node ${args.join(' ')} ended with ${code}.`);
}

/**
 * The least, the middle and the most of some values.
 * @param {number[]} values
 * @returns {Spread}
 */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ index) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  const median = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
  return { min: at(0), median, max: at(sorted.length - 1) };
}

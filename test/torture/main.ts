// npm run torture: takes many steps with a live server, compares its answers with new servers', reads fuzzed texts, and runs the
// tests of agents with their full counts.
//   npm run torture -- --steps 100000 --seed 7      so many steps, the same ones for the same seed
//   npm run torture -- --seed 7 --only 3,9,12       these steps alone: what a failure prints
//   npm run torture -- --documents 100000           how many texts are read; 0 for none
//   npm run torture -- --steps 0 --documents 0      the long runs of agents alone; with --runs none the others alone
//   npm run torture -- --kills 500 --leaks 0        other counts of theirs (the table in agents.ts); 0 for none
//   npm run torture -- --runs lines,leaks           of those of agents these alone, by one of their counts
import { parseArgs } from 'node:util';
import { agentSwitches, tortureAgents } from './agents.ts';
import { walkOrFail } from './failure.ts';
import { readDocuments } from './fuzz/readDocuments.ts';
import { growthOf, heapNow } from './memory.ts';
import type { Walk } from './walk.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    every: { type: 'string', default: '40' },
    only: { type: 'string' },
    documents: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: 'all' },
    ...switchesOf(agentSwitches),
  },
});

const seed = Number(values.seed);
const every = Number(values.every);
const progressEvery = 10_000;
/** Samples of the heap at the beginning are those of a server that has not seen much. */
const mostSamples = 200;

process.on('unhandledRejection', (error) => {
  console.error(`seed ${seed}: a promise was rejected, and nobody took notice:`, error);
  process.exit(1);
});

const isFine =
  (await walkSteps()) &&
  (await fuzz()) &&
  (await tortureAgents(countsOfAgents(), values.runs === 'all' ? undefined : values.runs.split(','), seed));
process.exit(isFine ? 0 : 1);

function switchesOf(counts: Readonly<Record<string, number>>) {
  const all = Object.entries(counts).map(([name, count]) => [
    name,
    { type: 'string' as const, default: `${count}` },
  ]);
  return Object.fromEntries(all) as Record<string, { type: 'string'; default: string }>;
}

function countsOfAgents(): Record<string, number> {
  const given: Readonly<Record<string, unknown>> = values;
  return Object.fromEntries(Object.keys(agentSwitches).map((name) => [name, Number(given[name])]));
}

async function walkSteps(): Promise<boolean> {
  const only = values.only?.split(',').map(Number);
  const count = Number(values.steps);
  const steps = only ?? Array.from({ length: count }, (_, index) => index + 1);
  if (steps.length === 0) return true;
  console.log(`${steps.length} steps, seed ${seed}`);
  const samples: number[] = [];
  const started = performance.now();
  const sampleEvery = Math.max(1, Math.floor(steps.length / mostSamples));
  const taken: Walk['taken'] = ({ steps: done, comparisons, answers }, name) => {
    if (only !== undefined) console.log(`step ${only[done - 1]}: ${name}`);
    if (done % sampleEvery === 0) samples.push(heapNow());
    if (done % progressEvery === 0) {
      console.log(
        `${done} steps, ${comparisons} comparisons of ${answers} answers, ${secondsSince(started)} s`,
      );
    }
  };
  const { walked, failure } = await walkOrFail({ seed, steps, every, taken }, console.log);
  if (failure !== undefined) {
    console.error(`\n${failure.message}\n`);
    console.error(
      `npm run torture -- --documents 0 --seed ${seed} --runs none --every ${every} --only ${failure.steps.join(',')}`,
    );
    return false;
  }
  console.log(`${JSON.stringify(walked)} in ${secondsSince(started)} s`);
  return isSteady(samples);
}

function isSteady(samples: readonly number[]): boolean {
  const { first, last, isGrowing } = growthOf(samples);
  const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  console.log(`heap: ${mb(first)} in the first quarter, ${mb(last)} in the last one`);
  if (isGrowing) console.error('The heap grows.');
  return !isGrowing;
}

async function fuzz(): Promise<boolean> {
  const count = Number(values.documents);
  if (count === 0) return true;
  const { failure, read, seconds } = await readDocuments({ seed, count, told: console.log });
  console.log(`${read} documents in ${seconds} s`);
  if (failure !== undefined) console.error(failure);
  return failure === undefined;
}

function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 1000);
}

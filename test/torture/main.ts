// npm run torture: takes many steps with a live server, compares its answers with new servers', reads fuzzed texts, and runs the
// tests of agents with their full counts.
//   npm run torture -- --steps 100000 --seed 7      so many steps, the same ones for the same seed
//   npm run torture -- --seed 7 --only 3,9,12       these steps alone: what a failure prints
//   npm run torture -- --documents 100000           how many texts are read; 0 for none
//   npm run torture -- --agents no                  without agents; --steps 0 --documents 0 for them alone
//   npm run torture -- --kills 200                  how often agents are killed, and cut off in other ways; 0 for none
import { parseArgs } from 'node:util';
import { tortureAgents } from './agents.ts';
import { walkOrFail } from './failure.ts';
import { readDocuments } from './fuzz/readDocuments.ts';
import { killAgents } from './killAgents.ts';
import { growthOf, heapNow } from './memory.ts';
import type { Walk } from './walk.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    every: { type: 'string', default: '40' },
    only: { type: 'string' },
    documents: { type: 'string', default: '1000000' },
    agents: { type: 'string', default: 'yes' },
    kills: { type: 'string', default: '200' },
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
  (await killAgents(Number(values.kills))) &&
  (values.agents === 'no' || (await tortureAgents(seed)));
process.exit(isFine ? 0 : 1);

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
      `npm run torture -- --documents 0 --seed ${seed} --agents no --every ${every} --only ${failure.steps.join(',')}`,
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

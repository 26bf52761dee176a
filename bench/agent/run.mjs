// npm run bench:agent: what an agent costs, beside what it may.
//   npm run bench:agent                       all of it: some minutes
//   npm run bench:agent -- --quick            fewer runs, ten boxes instead of fifty, a short rest: whether everything works
//   npm run bench:agent -- --runs 5           how often each is repeated
//   npm run bench:agent -- --rest 60          how long an agent rests before its memory is looked at, in seconds
//   npm run bench:agent -- --boxes 50         how many agents are a fleet
//   npm run bench:agent -- --only NAME,NAME   some of: deploy, latency, memory, status, fleet
//   npm run bench:agent -- --profile DIR      writes CPU profiles of the agents of deploy and latency there
//   npm run bench:agent -- --json FILE        writes the figures into a file, too
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PlainError, runMain } from '../../scripts/lib/log.mjs';
import { root, runFolder } from '../../scripts/lib/paths.mjs';
import { ensureDependencies } from '../../scripts/setup.mjs';
import { measureAll } from '../measureAll.mjs';
import { deploy } from './deploy.mjs';
import { fleet, status } from './fleet.mjs';
import { latency } from './latency.mjs';
import { memory } from './memory.mjs';

/**
 * @typedef {object} Bench what the scenarios work with
 * @property {string} folder for what is made
 * @property {string} agent the bundled agent
 * @property {string} cli the bundled command
 * @property {number} runs
 * @property {number} boxes how many agents are a fleet
 * @property {number} seconds how long a hook prints lines
 * @property {number} restMs
 * @property {string[]} flags for Node, where an agent is looked at
 */

const scenarios = { deploy, latency, memory, status, fleet };

await runMain(async () => {
  const { json, only, ...options } = readOptions();
  await ensureDependencies();
  const [agent, cli] = ['dist/agent.js', 'dist/cli.js'].map((name) => join(root, name));
  if (agent === undefined || cli === undefined || !existsSync(agent))
    throw new PlainError('dist/agent.js is not there: run `npm run build` first');
  const chosen = Object.entries(scenarios).filter(([name]) => only?.includes(name) ?? true);
  const run = runFolder();
  try {
    const { figures, failed } = await measureAll(chosen, { folder: run.dir, agent, cli, ...options });
    const { reportTable } = await import('../lsp/report.mjs');
    console.log(`\n${reportTable(figures)}\n`);
    const machine = {
      node: process.versions.node,
      platform: process.platform,
      cores: availableParallelism(),
    };
    if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
    return failed ? 1 : 0;
  } finally {
    run.remove();
  }
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      rest: { type: 'string' },
      boxes: { type: 'string' },
      only: { type: 'string' },
      profile: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { quick, only, json, profile } = values;
  const names = only?.split(',');
  const unknown = names?.find((name) => !Object.hasOwn(scenarios, name));
  if (unknown !== undefined)
    throw new PlainError(`--only ${unknown}: there are ${Object.keys(scenarios).join(', ')}.`);
  const flags =
    profile === undefined
      ? []
      : ['--cpu-prof', '--cpu-prof-dir', resolve(profile), '--cpu-prof-interval', '500'];
  return {
    ...{ only: names, json, flags },
    runs: count('--runs', values.runs, quick ? 1 : 5),
    restMs: count('--rest', values.rest, quick ? 2 : 60) * 1000,
    boxes: count('--boxes', values.boxes, quick ? 10 : 50),
    seconds: quick ? 2 : 5,
  };
}

/**
 * @param {string} option
 * @param {string | undefined} said
 * @param {number} usual
 */
function count(option, said, usual) {
  if (said === undefined) return usual;
  if (!/^[1-9]\d*$/.test(said)) throw new PlainError(`${option} needs a number above 0.`);
  return Number(said);
}

// npm run bench:agent: what an agent costs, beside what it may.
//   npm run bench:agent -- --runs 5         how often each is repeated
//   npm run bench:agent -- --rest 60        how long an agent rests before its memory is looked at, in seconds
//   npm run bench:agent -- --json FILE      writes the figures into a file, too
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PlainError, runMain } from '../../scripts/lib/log.mjs';
import { root, runFolder } from '../../scripts/lib/paths.mjs';
import { ensureDependencies } from '../../scripts/setup.mjs';
import { measureAll } from '../measureAll.mjs';
import { memory } from './memory.mjs';

/**
 * @typedef {object} Bench what the scenarios work with
 * @property {string} folder for what is made
 * @property {string} agent the bundled agent
 * @property {number} runs
 * @property {number} restMs
 */

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '3' },
      rest: { type: 'string', default: '60' },
      json: { type: 'string' },
    },
  });
  await ensureDependencies();
  const agent = join(root, 'dist/agent.js');
  if (!existsSync(agent)) throw new PlainError(`${agent} is not there: run \`npm run build\` first`);
  const run = runFolder();
  try {
    const bench = { folder: run.dir, agent, runs: Number(values.runs), restMs: Number(values.rest) * 1000 };
    const { figures, failed } = await measureAll([['memory', memory]], bench);
    const { reportTable } = await import('../lsp/report.mjs');
    console.log(`\n${reportTable(figures)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
    return failed ? 1 : 0;
  } finally {
    run.remove();
  }
});

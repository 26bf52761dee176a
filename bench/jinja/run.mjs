// npm run bench:jinja: what a thousand templates cost, beside Jinja2 itself.
//   npm run bench:jinja                     1,000 templates, nine runs of each
//   npm run bench:jinja -- --runs 3 --templates 200
//   npm run bench:jinja -- --json FILE      writes the figures into a file, too
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PlainError, runMain } from '../../scripts/lib/log.mjs';
import { runFolder } from '../../scripts/lib/paths.mjs';
import { ensureDependencies, projectNode } from '../../scripts/setup.mjs';
import { ratioFigure } from '../lsp/figures.mjs';
import { reportTable } from '../lsp/report.mjs';
import { writeTemplates } from './corpus.mjs';

/** Debian's, whatever else is on the PATH. */
const python = '/usr/bin/python3';

await runMain(async () => {
  const { values: options } = parseArgs({
    options: {
      runs: { type: 'string', default: '9' },
      templates: { type: 'string', default: '1000' },
      json: { type: 'string' },
    },
  });
  await ensureDependencies();
  if (spawnSync(python, ['-c', 'import jinja2']).status !== 0)
    throw new PlainError(`${python} has no Jinja2: apt-get install python3-jinja2`);
  const run = runFolder();
  try {
    const figures = await measured(run.dir, Number(options.templates), Number(options.runs));
    console.log(`\n${reportTable(figures)}`);
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    run.remove();
  }
  return 0;
});

/**
 * @param {string} folder
 * @param {number} templates
 * @param {number} runs
 */
async function measured(folder, templates, runs) {
  const { bundle } = await import('../bundle.mjs');
  await bundle([new URL('./render.mjs', import.meta.url)], folder);
  writeTemplates(folder, templates);
  const both = () => ({
    strata: rendered(projectNode(), [join(folder, 'render.cjs'), folder]),
    jinja2: rendered(python, ['-B', join(import.meta.dirname, 'render.py'), folder]),
  });
  // One turn that does not count.
  const first = both();
  if (first.strata.digest !== first.jinja2.digest)
    throw new PlainError('What is rendered differs from what Jinja2 renders: there is no figure.');
  const turns = Array.from({ length: runs }, both);
  /** @param {'milliseconds' | 'cpu'} unit */
  const times = (unit) => turns.map(({ strata, jinja2 }) => ({ strata: strata[unit], other: jinja2[unit] }));
  const row = { what: `${templates.toLocaleString('en')} templates`, peer: 'Jinja2', target: Number.NaN };
  return [
    ratioFigure(row, times('milliseconds')),
    ratioFigure({ ...row, what: `${row.what}: time of processors` }, times('cpu')),
  ];
}

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {{ milliseconds: number, cpu: number, digest: string }}
 */
function rendered(program, args) {
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
}

// npm run bench: what Strata costs, always as a ratio to a floor that is measured in the same run.
//   npm run bench                        the example workspace, 3 apps, 100 apps
//   npm run bench -- --full              1000 apps as well
//   npm run bench -- --json FILE         writes the figures into a file, too
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PlainError, runMain, withProgress } from '../scripts/lib/log.mjs';
import { root, runFolder } from '../scripts/lib/paths.mjs';
import { exitCode } from '../scripts/lib/process.mjs';
import { ensureDependencies, projectNode, toolEnvironment } from '../scripts/setup.mjs';
import { appName, writeCorpus } from './corpus.mjs';

/** @typedef {import('./render.mjs').Figures} Figures */
/** @typedef {import('./render.mjs').Workspace} Workspace */

await runMain(async () => {
  const { values: options } = parseArgs({
    options: { full: { type: 'boolean', default: false }, json: { type: 'string' } },
  });
  await ensureDependencies();
  await withProgress('build', buildBundles);
  const run = runFolder();
  try {
    const figures = await measureAll(run.dir, options.full);
    console.log(`\n${table(figures)}`);
    if (options.json !== undefined)
      writeFileSync(options.json, `${JSON.stringify(report(figures), null, 2)}\n`);
  } finally {
    run.remove();
  }
  return 0;
});

async function buildBundles() {
  const script = join(root, 'scripts', 'build.mjs');
  const code = await exitCode(projectNode(), [script], { cwd: root, env: toolEnvironment() });
  if (code !== 0) throw new PlainError('The build failed: see its messages above.');
}

/**
 * @param {string} folder for what is generated
 * @param {boolean} full
 */
async function measureAll(folder, full) {
  // It needs npm packages, which are there only now.
  const { bundleScripts, renderEverything, renderOne } = await import('./render.mjs');
  const scripts = await bundleScripts(folder);
  /** @type {Figures[]} */
  const figures = [];
  for (const workspace of await workspaces(folder, full)) {
    const { name } = workspace;
    figures.push(await withProgress(`${name}: one app`, () => renderOne(scripts, workspace)));
    figures.push(await withProgress(`${name}: all apps`, () => renderEverything(scripts, workspace)));
  }
  return figures;
}

/**
 * @param {string} folder
 * @param {boolean} full
 * @returns {Promise<Workspace[]>}
 */
async function workspaces(folder, full) {
  const example = {
    name: 'examples/shop',
    folder: join(root, 'examples', 'shop'),
    app: ['api', 'production', 'us'],
    rounds: 15,
  };
  const sizes = [
    { apps: 3, rounds: 15 },
    { apps: 100, rounds: 7 },
    ...(full ? [{ apps: 1000, rounds: 3 }] : []),
  ];
  const corpora = sizes.map(({ apps, rounds }) => ({
    name: `${apps} apps`,
    folder: join(folder, `corpus-${apps}`),
    app: [appName(0), 'production', 'us'],
    rounds,
    apps,
  }));
  for (const one of corpora)
    await withProgress(`generate ${one.name}`, () => writeCorpus(one.folder, one.apps));
  return [example, ...corpora];
}

/** @param {Figures[]} figures */
function report(figures) {
  const machine = { node: process.versions.node, platform: process.platform, cores: availableParallelism() };
  return { machine, figures };
}

/** @param {Figures[]} figures */
function table(figures) {
  const head = ['workspace', 'rendered', 'layers', 'bare node', 'read + parse', 'render', 'ratio', 'memory'];
  const rows = figures.map(({ workspace, what, contexts, files, processes, ratio, memoryRatio }) => [
    workspace,
    what === 'one app' ? 'one app' : `all: ${contexts}`,
    String(files),
    ...['bare node', 'read + parse', 'render'].map((name) => timeText(processes[name])),
    `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`,
    memoryRatio.toFixed(2),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, '', 'Times and ratios are medians of alternating runs; see bench/README.md.'].join('\n');
}

/** @param {import('./processes.mjs').Measured | undefined} measured */
function timeText(measured) {
  return measured ? `${measured.milliseconds.median.toFixed(0)} ms` : '';
}

// npm run bench:artifact: archives and stores beside the commands that do the same, all measured in the same run.
//   npm run bench:artifact                       a tree of 100 MB in 5,000 files: some minutes
//   npm run bench:artifact -- --quick            fewer runs, and 2,500 versions instead of 10,000
//   npm run bench:artifact -- --runs 5           how often each is repeated
//   npm run bench:artifact -- --only NAME,NAME   some of: package, unpack, memory, local, s3, versions
//   npm run bench:artifact -- --json FILE        writes the figures into a file, too
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PlainError, runMain, withProgress } from '../../scripts/lib/log.mjs';
import { runFolder } from '../../scripts/lib/paths.mjs';
import { ensureDependencies } from '../../scripts/setup.mjs';
import { measureAll } from '../measureAll.mjs';
import { writeTree } from './tree.mjs';

/** @typedef {import('../lsp/figures.mjs').Figure} Figure */
/** @typedef {(bench: Bench) => Promise<Figure[]>} Scenario */

/**
 * @typedef {object} Bench what the scenarios work with
 * @property {string} folder for what is made
 * @property {string} tasks the bundle of `tasks.mjs`
 * @property {string} tree 100 MB in 5,000 files
 * @property {string} largeTree three times that
 * @property {string} archive the tree, packed
 * @property {string} smallFile
 * @property {number} runs
 * @property {number} versions how many versions are many
 */

await runMain(async () => {
  const options = readOptions();
  await ensureDependencies();
  const scenarios = await chosenScenarios(options.only);
  const run = runFolder();
  try {
    const bench = await withProgress('prepare', () => prepare(run.dir, options));
    const { figures, failed } = await measureAll(scenarios, bench);
    const { reportTable } = await import('../lsp/report.mjs');
    console.log(`\n${reportTable(figures)}\n`);
    if (options.json !== undefined)
      writeFileSync(options.json, `${JSON.stringify(report(figures), null, 2)}\n`);
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
      only: { type: 'string' },
      json: { type: 'string' },
    },
  });
  if (values.runs !== undefined && !/^[1-9]\d*$/.test(values.runs))
    throw new PlainError('--runs needs a number above 0.');
  return {
    runs: Number(values.runs ?? (values.quick ? 2 : 5)),
    versions: values.quick ? 2500 : 10_000,
    only: values.only?.split(','),
    json: values.json,
  };
}

/** @param {string[] | undefined} only */
async function chosenScenarios(only) {
  // They need npm packages, which are there only now.
  const { memory, packing, unpacking } = await import('./archives.mjs');
  const { bucketStore, localStore, manyVersions } = await import('./stores.mjs');
  /** @type {Record<string, Scenario>} */
  const all = {
    package: packing,
    unpack: unpacking,
    memory,
    local: localStore,
    s3: bucketStore,
    versions: manyVersions,
  };
  const unknown = only?.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined)
    throw new PlainError(`--only ${unknown}: there are ${Object.keys(all).join(', ')}.`);
  return Object.entries(all).filter(([name]) => only?.includes(name) ?? true);
}

/**
 * @param {string} folder
 * @param {Pick<Bench, 'runs' | 'versions'>} options
 * @returns {Promise<Bench>}
 */
async function prepare(folder, { runs, versions }) {
  const { makeArchive } = await import('./archives.mjs');
  const at = (/** @type {string} */ name) => join(folder, name);
  const [tree, largeTree, archive, smallFile] = [at('tree'), at('large'), at('shop.tar.zst'), at('small')];
  for (const one of [tree, largeTree]) mkdirSync(one);
  writeTree(tree);
  writeTree(largeTree, 3);
  writeFileSync(smallFile, 'small');
  const tasks = await bundleTasks(folder);
  await makeArchive(tasks, tree, archive);
  return { folder, tasks, tree, largeTree, archive, smallFile, runs, versions };
}

async function bundleTasks(/** @type {string} */ folder) {
  // It needs npm packages, which are there only now.
  const { bundle } = await import('../bundle.mjs');
  await bundle([new URL('./tasks.mjs', import.meta.url)], folder);
  return join(folder, 'tasks.cjs');
}

/** @param {Figure[]} figures */
function report(figures) {
  const machine = { node: process.versions.node, platform: process.platform, cores: availableParallelism() };
  return { machine, figures };
}

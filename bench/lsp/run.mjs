// npm run bench:lsp: the language server beside its peer and beside floors, all measured in the same run.
//   npm run bench:lsp                       1,000 apps: some minutes
//   npm run bench:lsp -- --quick            40 apps and fewer runs: to see that everything works
//   npm run bench:lsp -- --apps 300         another number of apps
//   npm run bench:lsp -- --runs 5           how often what is quick is repeated; what is slow, half as often
//   npm run bench:lsp -- --only NAME,NAME   some of: hover-at-start, own-workspace, index, hover, completion,
//                                           hover-after-keystroke, diagnostics, all-diagnostics, memory, render
//   npm run bench:lsp -- --json FILE        writes the figures into a file, too
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PlainError, runMain, withProgress } from '../../scripts/lib/log.mjs';
import { root, runFolder } from '../../scripts/lib/paths.mjs';
import { exitCode } from '../../scripts/lib/process.mjs';
import { ensureDependencies, projectNode, toolEnvironment } from '../../scripts/setup.mjs';
import { measureAll } from '../measureAll.mjs';
import { defaultLayer, places, writeCorpus, writeOwnWorkspace } from './corpus.mjs';

/** @typedef {import('./figures.mjs').Figure} Figure */
/** @typedef {(bench: Bench) => Promise<Figure[]>} Scenario */

/**
 * @typedef {object} Bench what the scenarios work with
 * @property {string} folder the corpus
 * @property {string} ownFolder the workspace of one app
 * @property {number} apps in the corpus
 * @property {string} firstLayer a file of the corpus and of the one app's workspace
 * @property {string[]} someLayers files of the corpus
 * @property {string} layerList a JSON file with the paths of all layers
 * @property {import('./client.mjs').Program} yaml
 * @property {import('./peers.mjs').Floors} floors
 * @property {number} runs
 * @property {number} slowRuns
 * @property {number} requests of one run
 * @property {number} keystrokes of one run
 */

const SOME = 30;

await runMain(async () => {
  const options = readOptions();
  await ensureDependencies();
  const scenarios = await chosenScenarios(options.only);
  await withProgress('build', buildBundles);
  const run = runFolder();
  try {
    const bench = await prepare(run.dir, options);
    const { figures, failed } = await measureAll(scenarios, bench);
    const { reportTable } = await import('./report.mjs');
    console.log(`\n${reportTable(figures)}\n`);
    if (options.json !== undefined)
      writeFileSync(options.json, `${JSON.stringify(report(bench.apps, figures), null, 2)}\n`);
    return failed ? 1 : 0;
  } finally {
    run.remove();
  }
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      apps: { type: 'string' },
      runs: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const runs = count('runs', values.runs) ?? (values.quick ? 2 : 5);
  return {
    apps: count('apps', values.apps) ?? (values.quick ? 40 : 1000),
    runs,
    slowRuns: Math.ceil(runs / 2),
    requests: values.quick ? 100 : 400,
    keystrokes: values.quick ? 5 : 20,
    only: values.only?.split(','),
    json: values.json,
  };
}

/**
 * @param {string} name
 * @param {string | undefined} text
 */
function count(name, text) {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new PlainError(`--${name} needs a number above 0.`);
}

/** @param {string[] | undefined} only */
async function chosenScenarios(only) {
  // They need npm packages, which are there only now.
  const startup = await import('./startup.mjs');
  const requests = await import('./requests.mjs');
  const edits = await import('./edits.mjs');
  const { memory } = await import('./memory.mjs');
  const { renderAll } = await import('./render.mjs');
  /** @type {Record<string, Scenario>} */
  const all = {
    'hover-at-start': startup.firstHover,
    'own-workspace': startup.ownWorkspace,
    index: startup.wholeIndex,
    hover: requests.hovers,
    completion: requests.completion,
    'hover-after-keystroke': edits.hoverAfterKeystroke,
    diagnostics: edits.ownDiagnostics,
    'all-diagnostics': edits.allDiagnostics,
    memory,
    render: renderAll,
  };
  const unknown = only?.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined)
    throw new PlainError(`--only ${unknown}: there are ${Object.keys(all).join(', ')}.`);
  return Object.entries(all).filter(([name]) => only?.includes(name) ?? true);
}

async function buildBundles() {
  const script = join(root, 'scripts', 'build.mjs');
  const code = await exitCode(projectNode(), [script], { cwd: root, env: toolEnvironment() });
  if (code !== 0) throw new PlainError('The build failed: see its messages above.');
}

/**
 * @param {string} run a folder for what is generated
 * @param {Pick<Bench, 'apps' | 'runs' | 'slowRuns' | 'requests' | 'keystrokes'>} options
 * @returns {Promise<Bench>}
 */
async function prepare(run, options) {
  const { bundleFloors, filesWithSchema, installPeers, yamlServer } = await import('./peers.mjs');
  const [folder, ownFolder, schemas] = [join(run, 'corpus'), join(run, 'own'), join(run, 'schemas')];
  await mkdir(schemas);
  await withProgress(`generate ${options.apps} apps`, () => writeCorpus(folder, options.apps));
  writeOwnWorkspace(ownFolder);
  const layers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isLayer).sort();
  const layerList = join(run, 'layers.json');
  writeFileSync(layerList, JSON.stringify(layers.map((file) => join(folder, file))));
  const packages = await installPeers();
  const firstLayer = defaultLayer(0);
  const step = Math.ceil(layers.length / SOME);
  return {
    ...options,
    folder,
    ownFolder,
    firstLayer,
    someLayers: [places.common, ...layers.filter((_, index) => index % step === 0)],
    layerList,
    yaml: yamlServer(packages, folder, filesWithSchema(firstLayer), schemas),
    floors: await bundleFloors(run, packages),
  };
}

function isLayer(/** @type {string} */ file) {
  return file.endsWith('.yaml') && file !== 'strata.yaml';
}

/**
 * @param {number} apps
 * @param {Figure[]} figures
 */
function report(apps, figures) {
  const machine = { node: process.versions.node, platform: process.platform, cores: availableParallelism() };
  return { machine, apps, figures };
}

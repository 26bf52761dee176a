// What rendering costs, against reading and parsing the same files.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../scripts/lib/paths.mjs';
import { bundle } from './bundle.mjs';
import { measure, nodeOutput } from './processes.mjs';

/** @typedef {import('./processes.mjs').Measured} Measured */
/** @typedef {import('./processes.mjs').Spread} Spread */

/**
 * @typedef {object} Workspace
 * @property {string} name
 * @property {string} folder
 * @property {string[]} app the app, environment and cluster that are rendered alone
 * @property {number} rounds how often each process is run for the figures of all apps
 */

/**
 * @typedef {object} Figures
 * @property {'one app' | 'all apps'} what
 * @property {string} workspace
 * @property {number} contexts how many configurations are rendered
 * @property {number} files how many layers they are made of
 * @property {Record<string, Measured>} processes
 * @property {Spread} ratio the time of rendering in those of reading and parsing
 * @property {number} memoryRatio the same of the memory
 */

const CLI = join(root, 'dist', 'cli.js');
const ROUNDS_OF_ONE = 15;

const SCRIPTS = {
  listLayers: new URL('./listLayers.mjs', import.meta.url),
  parseFiles: new URL('./parseFiles.mjs', import.meta.url),
  renderAll: new URL('./renderAll.mjs', import.meta.url),
};

/**
 * Bundles the scripts that are measured.
 * @param {string} folder where the bundles go
 */
export async function bundleScripts(folder) {
  await bundle(Object.values(SCRIPTS), folder);
  return {
    folder,
    listLayers: join(folder, 'listLayers.cjs'),
    parseFiles: join(folder, 'parseFiles.cjs'),
    renderAll: join(folder, 'renderAll.cjs'),
  };
}

/** @typedef {Awaited<ReturnType<typeof bundleScripts>>} Scripts */

/**
 * The command's `render` of one configuration, from the start of its process to the end.
 * @param {Scripts} scripts
 * @param {Workspace} workspace
 * @returns {Promise<Figures>}
 */
export async function renderOne(scripts, workspace) {
  const [app = '', environment = '', cluster = ''] = workspace.app;
  const layers = await listedLayers(scripts, workspace, workspace.app);
  const { measured, ratio } = await measure(
    {
      'bare node': ['-e', '0'],
      'read + parse': [scripts.parseFiles, layers.list],
      render: [CLI, 'render', app, environment, '-c', cluster, '-C', workspace.folder],
    },
    ROUNDS_OF_ONE,
  );
  return figures('one app', workspace, layers, measured, ratio('render', 'read + parse'));
}

/**
 * All apps for all environments and clusters in one process, each file read and parsed once.
 * @param {Scripts} scripts
 * @param {Workspace} workspace
 * @returns {Promise<Figures>}
 */
export async function renderEverything(scripts, workspace) {
  const layers = await listedLayers(scripts, workspace, []);
  const { measured, ratio } = await measure(
    {
      'read + parse': [scripts.parseFiles, layers.list],
      render: [scripts.renderAll, workspace.folder],
    },
    workspace.rounds,
  );
  return figures('all apps', workspace, layers, measured, ratio('render', 'read + parse'));
}

/**
 * The layers that are needed, written down for the process that only parses them.
 * @param {Scripts} scripts
 * @param {Workspace} workspace
 * @param {string[]} app
 */
async function listedLayers(scripts, workspace, app) {
  const text = await nodeOutput([scripts.listLayers, workspace.folder, ...app]);
  /** @type {{ contexts: number, files: string[] }} */
  const { contexts, files } = JSON.parse(text);
  const list = join(scripts.folder, `${basename(workspace.folder)}-${app.join('-') || 'all'}.json`);
  writeFileSync(list, JSON.stringify(files));
  return { contexts, files: files.length, list };
}

/**
 * @param {Figures['what']} what
 * @param {Workspace} workspace
 * @param {{ contexts: number, files: number }} layers
 * @param {Record<'read + parse' | 'render', Measured>} processes
 * @param {Spread} ratio
 * @returns {Figures}
 */
function figures(what, workspace, { contexts, files }, processes, ratio) {
  const memoryRatio = processes.render.kilobytes / processes['read + parse'].kilobytes;
  return { what, workspace: workspace.name, contexts, files, processes, ratio, memoryRatio };
}

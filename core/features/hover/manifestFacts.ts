import { slotName } from '../../layers/stack.ts';
import { baseName, folderOf, joinPath } from '../../text/paths.ts';
import type { Model } from '../../workspace/model.ts';
import { type App, appDirectory, contextsOf } from '../../workspace/workspace.ts';
import { listText } from '../contextNames.ts';
import { code } from '../markdown.ts';
import type { SchemaSpot } from './fromSchema.ts';

/** What a value of the manifest stands for in this workspace; empty where there is nothing to tell. */
export function manifestFacts(model: Model, file: string, spot: SchemaSpot): string {
  const { path, text, isElement } = spot;
  const folder = text === undefined ? undefined : joinPath(folderOf(file), text);
  switch (path[0]) {
    case 'configs':
      return isElement && folder !== undefined ? layersIn(model, folder) : '';
    case 'apps':
      return folder === undefined || (path.length > 2 && path[2] !== 'folder') ? '' : appsIn(model, folder);
    case 'environments':
      return environmentFacts(model, spot);
    default:
      return '';
  }
}

function environmentFacts(model: Model, { path, text, isElement }: SchemaSpot): string {
  const [, name = isElement ? text : undefined, below] = path;
  if (name === undefined) return '';
  if (below === undefined) return layersNaming(model, name);
  return isElement ? layersNaming(model, name, text) : '';
}

const mostNames = 8;

/** The layers that lie in a folder itself. */
function layersIn(model: Model, folder: string): string {
  const files = [...model.layerFiles()].filter((one) => folderOf(one) === folder);
  return countText(files, 'in this folder');
}

/** The apps of a folder, or with `/*` at its end of all folders in it; of a single one, its own layers. */
function appsIn(model: Model, folder: string): string {
  const { apps } = model.workspace;
  const isWhole = baseName(folder) === '*';
  const found = apps.filter((app) => {
    if (app.folder === undefined) return false;
    return isWhole ? folderOf(app.folder) === folderOf(folder) : app.folder === folder;
  });
  const [only] = found;
  if (only === undefined) return 'No app is there.';
  if (!isWhole) return ownLayers(model, only);
  const names = found.map((app) => code(app.name));
  return `Stands for ${count(found.length, 'app')}: ${listText(names, mostNames)}.`;
}

function ownLayers(model: Model, app: App): string {
  const own = `${appDirectory(model.workspace, app)}/`;
  const files = [...model.layerFiles()].filter((one) => one.startsWith(own));
  return `The app ${code(app.name)}. ${countText(files, 'of its own')}`;
}

/** The layers whose names hold the environment, or one cluster of it. */
function layersNaming(model: Model, environment: string, cluster?: string): string {
  const { workspace } = model;
  const part = cluster === undefined ? '{env}' : '{cluster}';
  const patterns = workspace.scheme.slots.map((slot) => slot.name).filter((name) => name.includes(part));
  const contexts = workspace.apps
    .flatMap((app) => contextsOf(workspace, app.name))
    .filter((of) => of.environment === environment && (cluster === undefined || of.cluster === cluster));
  const stems = new Set(
    contexts.flatMap((of) => patterns.map((name) => slotName(workspace.scheme, name, of))),
  );
  const files = [...model.layerFiles()].filter((one) => stems.has(baseName(one).replace(/\.[^.]+$/, '')));
  return countText(files, 'named for it');
}

/** Layers of several folders can have one name, which is then shown once. */
function countText(files: readonly string[], which: string): string {
  if (files.length === 0) return `No layer ${which}.`;
  const sorted = files.map(baseName).sort();
  const shown = [...new Set(sorted)].slice(0, mostNames);
  const names = shown.map((name) => {
    const times = sorted.filter((one) => one === name).length;
    return times === 1 ? code(name) : `${code(name)} (${times})`;
  });
  const more = sorted.filter((name) => !shown.includes(name)).length;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `${count(files.length, 'layer')} ${which}: ${names.join(', ')}${rest}.`;
}

function count(many: number, word: string): string {
  return `${many} ${many === 1 ? word : `${word}s`}`;
}

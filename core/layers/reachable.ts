import { type Problem, problem } from '../problem.ts';
import { nearestName } from '../text/names.ts';
import { joinPath } from '../text/paths.ts';
import { fileStart } from '../text/range.ts';
import { manifestNames } from '../workspace/manifest.ts';
import { layerFolders, type Model } from '../workspace/model.ts';
import {
  type App,
  appDirectory,
  buildContextsOf,
  contextsOf,
  type Workspace,
} from '../workspace/workspace.ts';
import type { Context } from './context.ts';
import { layerStem } from './scheme.ts';
import { slotName } from './stack.ts';

/**
 * The files in config directories that no context loads, each with the name that it may mean, and those that
 * another file for the same slot hides.
 */
export function unusedFiles(model: Model): Problem[] {
  const { workspace } = model;
  const central = slotNames(workspace, 'central', workspace.apps);
  return layerFolders(workspace).flatMap(({ folder, app }) => {
    const isOwn = app !== undefined && folder === appDirectory(workspace, app);
    const slots = isOwn ? slotNames(workspace, 'app', [app]) : central;
    return unusedIn(model, folder, slots, isOwn);
  });
}

function unusedIn(model: Model, folder: string, slots: ReadonlySet<string>, isOwn: boolean): Problem[] {
  const { scheme } = model.workspace;
  const names = model.names(folder);
  const candidates = [...names].filter((name) => !manifestNames.includes(name));
  return candidates.sort().flatMap((name) => {
    const layer = layerStem(scheme, name);
    if (layer === undefined || (isOwn && scheme.notLayers.includes(layer.stem))) return [];
    const at = { file: joinPath(folder, name), range: fileStart };
    if (!slots.has(layer.stem)) {
      return [unreachable(at, nearestName(layer.stem, slots))];
    }
    const winner = scheme.endings.find((ending) => names.has(layer.stem + ending));
    if (winner === undefined || winner === layer.ending) return [];
    const other = { file: joinPath(folder, layer.stem + winner), range: fileStart };
    const message = `\`${layer.stem}${winner}\` stands beside it and is loaded in its place: keep one of them`;
    return [problem('ambiguous-layer', at, message, { related: [{ message: 'loaded', ...other }] })];
  });
}

function unreachable(at: Pick<Problem, 'file' | 'range'>, meant: string | undefined): Problem {
  const hint =
    meant === undefined
      ? 'Its name fits no app, environment and cluster of this workspace.'
      : `Did you mean \`${meant}\`?`;
  const message = `no context loads this file. ${hint}`;
  return problem('unreachable-layer', at, message, meant === undefined ? {} : { meant });
}

/** Every name that a slot can have in some context of the apps. */
function slotNames(workspace: Workspace, where: 'central' | 'app', apps: readonly App[]): Set<string> {
  const patterns = workspace.scheme.slots.filter((slot) => slot.where === where).map((slot) => slot.name);
  const names = new Set<string>();
  const add = (of: Context) => {
    for (const pattern of patterns) {
      const name = slotName(workspace.scheme, pattern, of);
      if (name !== undefined) names.add(name);
    }
  };
  for (const app of apps.length === 0 ? [{ name: 'common' }] : apps) {
    for (const of of contextsOf(workspace, app.name)) add(of);
    for (const of of buildContextsOf(workspace, app.name)) add(of);
    add({ app: app.name, environment: 'local', mode: 'build' });
  }
  return names;
}

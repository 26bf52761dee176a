import path from 'node:path';
import type { Model } from '../../../core/workspace/model.ts';
import type { App } from '../../../core/workspace/workspace.ts';
import { corePath } from '../../../disk/diskSource.ts';
import { UsageError } from '../../failure.ts';
import { chosenApp, openWorkspace } from '../../workspace.ts';

/** The workspace of `-C`, or of the first folder that is named, or of the working directory. */
export function workspaceOf(names: readonly string[], directory: string | undefined): Model {
  return openWorkspace(directory ?? names.find(isFolder));
}

/** The apps that are named, by name or folder; without any, the one of the working directory, or the only one. */
export function chosenApps(model: Model, names: readonly string[], all: boolean): App[] {
  const { apps } = model.workspace;
  if (all && names.length > 0) throw new UsageError('--all builds every app: leave the names out, or --all');
  if (all) return apps.filter((app) => app.folder !== undefined);
  if (names.length === 0) return [appAround(apps, corePath('.')) ?? chosenApp(model.workspace, undefined)];
  const chosen = names.map((name) =>
    isFolder(name) ? appIn(model, name) : chosenApp(model.workspace, name),
  );
  return [...new Set(chosen)];
}

function isFolder(name: string): boolean {
  return name === '.' || name === '..' || /[\\/]/.test(name);
}

function appIn({ workspace }: Model, folder: string): App {
  const found = appAround(workspace.apps, corePath(folder));
  if (found !== undefined) return found;
  const names = workspace.apps.map((app) => app.name).join(', ');
  throw new UsageError(`no app lies in ${folder}. There are: ${names}`);
}

/** The app whose folder a path is, or lies in; the innermost of several. */
function appAround(apps: readonly App[], at: string): App | undefined {
  const around = apps.filter(({ folder }) => folder !== undefined && `${at}/`.startsWith(`${folder}/`));
  return around.sort((a, b) => depth(b) - depth(a))[0];
}

function depth({ folder = '' }: App): number {
  return folder.split(path.posix.sep).length;
}

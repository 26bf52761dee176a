import type { Model } from '../workspace/model.ts';
import { type App, appDirectory, type Workspace } from '../workspace/workspace.ts';
import { layerStem } from './scheme.ts';

/** Whether a file is a layer by its place and name, be it loaded by a context or not. */
export function isLayerFile(model: Model, file: string): boolean {
  return model.layerFiles().has(file);
}

/**
 * Every file that can be a layer by its place and ending, the lowest folders first.
 * @param folders where layers lie, each with the app that it belongs to where it is one app's own.
 */
export function layerFilesIn(
  workspace: Workspace,
  folders: readonly { folder: string; app?: App }[],
  names: (folder: string) => ReadonlySet<string>,
): Set<string> {
  const files = new Set<string>();
  for (const { folder, app } of folders) {
    for (const name of names(folder)) {
      const file = `${folder}/${name}`;
      if (file !== workspace.manifest && isLayerName(workspace, folder, app, name)) files.add(file);
    }
  }
  return files;
}

function isLayerName(workspace: Workspace, folder: string, app: App | undefined, name: string): boolean {
  const { scheme } = workspace;
  const layer = layerStem(scheme, name);
  if (layer === undefined) return false;
  if (!scheme.notLayers.includes(layer.stem)) return true;
  return app === undefined || folder !== appDirectory(workspace, app);
}

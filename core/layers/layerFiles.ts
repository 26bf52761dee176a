import type { LayerFolder, Model } from '../workspace/model.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { layerStem } from './scheme.ts';

/** Whether a file is a layer by its place and name, be it loaded by a context or not. */
export function isLayerFile(model: Model, file: string): boolean {
  return model.isLayerFile(file);
}

/**
 * Every file that can be a layer by its place and ending, the lowest folders first.
 * @param folders where layers lie.
 */
export function layerFilesIn(
  workspace: Workspace,
  folders: readonly LayerFolder[],
  names: (folder: string) => ReadonlySet<string>,
): Set<string> {
  const files = new Set<string>();
  for (const at of folders) {
    for (const name of names(at.folder)) {
      if (isLayerAt(workspace, at, name)) files.add(`${at.folder}/${name}`);
    }
  }
  return files;
}

/** Whether a file of a folder of layers is one by its name. */
export function isLayerAt(workspace: Workspace, { folder, where }: LayerFolder, name: string): boolean {
  const { scheme, manifest } = workspace;
  const layer = layerStem(scheme, name);
  if (layer === undefined || `${folder}/${name}` === manifest) return false;
  return where === 'central' || !scheme.notLayers.includes(layer.stem);
}

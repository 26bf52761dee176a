import type { LayerSource } from '../source.ts';
import { joinPath } from '../text/paths.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { appDirectory, appNamed } from '../workspace/workspace.ts';
import type { Context } from './context.ts';
import type { Scheme } from './scheme.ts';

/** A file in its place of the order. */
export interface StackFile {
  /** The slot's name in this context, `common-production`. */
  slot: string;
  file: string;
}

/** The layers of a folder by their slots; asked for each slot. */
type LayersIn = (folder: string) => ReadonlyMap<string, StackFile>;

/**
 * The files that are merged for a context, lowest first. Each file stands there once, at its last slot.
 * Follows `config_sources` of yoconfigurator's smush.py.
 */
export function stackFiles(workspace: Workspace, of: Context, layersIn: LayersIn): StackFile[] {
  const app = appNamed(workspace, of.app);
  const own = app && appDirectory(workspace, app);
  const central = centralDirectories(workspace, of, own).map(layersIn);
  const owned = own === undefined ? [] : [layersIn(own)];
  const found: StackFile[] = [];
  for (const { name, where, modes } of workspace.scheme.slots) {
    const slot = slotName(workspace.scheme, name, of);
    if (slot === undefined || (modes && !modes.includes(of.mode))) continue;
    for (const directory of where === 'central' ? central : owned) {
      const layer = directory.get(slot);
      if (layer !== undefined) found.push(layer);
    }
  }
  return found.filter((one, index) => !found.includes(one, index + 1));
}

/** The layers among a folder's files by the slots that they are for. */
export function layersBySlot(
  scheme: Scheme,
  folder: string,
  names: ReadonlySet<string>,
): Map<string, StackFile> {
  const layers = new Map<string, StackFile>();
  for (const ending of scheme.endings.toReversed()) {
    for (const name of names) {
      if (!name.endsWith(ending)) continue;
      const slot = name.slice(0, -ending.length);
      layers.set(slot, { slot, file: joinPath(folder, name) });
    }
  }
  return layers;
}

/** The names of a folder's files, from a source; to be kept for as long as the folder does not change. */
export function fileNames(source: LayerSource, folder: string): ReadonlySet<string> {
  const files = (source.list(folder) ?? []).filter((entry) => entry.kind === 'file');
  return new Set(files.map((entry) => entry.name));
}

/** A slot's name in a context; `undefined` when it names a cluster and the context has none. */
export function slotName(scheme: Scheme, pattern: string, of: Context): string | undefined {
  const cluster = of.cluster ?? scheme.noCluster;
  if (cluster === undefined && pattern.includes('{cluster}')) return undefined;
  return pattern
    .replace('{app}', of.app)
    .replace('{env}', of.environment)
    .replace('{cluster}', cluster ?? '');
}

/** The directories that a context's central slots are looked for in, lowest first. */
export function centralDirectories(workspace: Workspace, of: Context, own: string | undefined): string[] {
  if (of.mode === 'deploy' || own === undefined) return workspace.configs;
  return [joinPath(own, workspace.scheme.localDirectory), ...workspace.configs];
}

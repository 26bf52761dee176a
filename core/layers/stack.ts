import type { LayerSource } from '../source.ts';
import { joinPath } from '../text/paths.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { appDirectory } from '../workspace/workspace.ts';
import type { Context } from './context.ts';
import type { Scheme } from './scheme.ts';

/** A file in its place of the order. */
export interface StackFile {
  /** The slot's name in this context, `common-production`. */
  slot: string;
  file: string;
}

/** The names of a folder's files; asked once a stack and directory. */
type Names = (folder: string) => ReadonlySet<string>;

/**
 * The files that are merged for a context, lowest first. Each file stands there once, at its last slot.
 * Follows `config_sources` of yoconfigurator's smush.py.
 */
export function stackFiles(workspace: Workspace, of: Context, names: Names): StackFile[] {
  const app = workspace.apps.find((one) => one.name === of.app);
  const own = app && appDirectory(workspace, app);
  const central = centralDirectories(workspace, of, own);
  const found = workspace.scheme.slots.flatMap((pattern) => {
    const slot = slotName(workspace.scheme, pattern.name, of);
    if (slot === undefined || (pattern.modes && !pattern.modes.includes(of.mode))) return [];
    const directories = pattern.where === 'central' ? central : own === undefined ? [] : [own];
    return directories.flatMap((directory) => layerFile(workspace.scheme, directory, slot, names) ?? []);
  });
  const lastSlot = new Map(found.map((one, index) => [one.file, index]));
  return found.filter((one, index) => lastSlot.get(one.file) === index);
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

function layerFile(scheme: Scheme, directory: string, slot: string, names: Names): StackFile | undefined {
  const there = names(directory);
  const ending = scheme.endings.find((end) => there.has(slot + end));
  return ending === undefined ? undefined : { slot, file: joinPath(directory, slot + ending) };
}

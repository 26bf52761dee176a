import { builtInLayer } from '../layers/builtIn.ts';
import type { Context } from '../layers/context.ts';
import { isLayerAt, layerFilesIn } from '../layers/layerFiles.ts';
import { ownerOf, readersOf } from '../layers/readers.ts';
import { layerStem, type SlotPattern } from '../layers/scheme.ts';
import { fileNames, layersBySlot, type StackFile, stackFiles } from '../layers/stack.ts';
import type { StackLayer } from '../merge/setting.ts';
import type { FileText, LayerSource } from '../source.ts';
import { type LineIndex, lineIndex } from '../text/lines.ts';
import { baseName, folderOf, joinPath } from '../text/paths.ts';
import type { Layer } from '../yaml/layer.ts';
import { type LayerStore, layerStore } from './layerStore.ts';
import { type App, appDirectory, buildContextsOf, contextsOf, type Workspace } from './workspace.ts';

/** A workspace with its layers, read when they are first asked for and kept until told that they changed. */
export interface Model {
  readonly workspace: Workspace;
  /** Where its layers are kept. */
  readonly store: LayerStore;
  /** The layer of a file; `undefined` when there is no such file. */
  layer(file: string): Layer | undefined;
  /** Likewise, but `undefined` also for a layer that nobody has asked for yet: costs no reading. */
  layerIfRead(file: string): Layer | undefined;
  /** The lines of any file of the workspace. */
  lines(file: string): LineIndex;
  /** The text of a file that is no layer; not kept. */
  read(file: string): FileText | undefined;
  /** The layers of a context, lowest first, the built-in one included. */
  stack(of: Context): StackLayer[];
  /** Every context that loads the file, build mode included. */
  readers(file: string): readonly Context[];
  /** The same by their apps, in the order of the apps. */
  readersByApp(file: string): ReadonlyMap<string, readonly Context[]>;
  /** The files that only this app's contexts load. */
  ownFiles(app: string): readonly string[];
  /** The one app that loads a layer, told by its place and name; `undefined` for one that several load. */
  owner(file: string): string | undefined;
  /** The names of the files in a folder. */
  names(folder: string): ReadonlySet<string>;
  /** The layers among them, by the slots that they are for. */
  layersIn(folder: string): ReadonlyMap<string, StackFile>;
  /** Every file that is a layer by its place and name, be it loaded or not: the same set until files move. */
  layerFiles(): ReadonlySet<string>;
  /** Whether a file is a layer by its place and name, be it loaded by a context or not. */
  isLayerFile(file: string): boolean;
  /** Whether layers of this workspace lie in the folder. */
  isLayerFolder(folder: string): boolean;
  /** The names of the folders in a folder; not kept. */
  folders(folder: string): string[];
  /** A file's text has changed, on disk or in an editor: it is read again when next asked for. */
  fileChanged(file: string): void;
  /** Files have come or gone: every stack is put together anew. */
  filesMoved(): void;
  /** The same layers under another description of the workspace. */
  withWorkspace(workspace: Workspace): Model;
}

/** Opens a workspace over a source of files. */
export function openModel(source: LayerSource, workspace: Workspace): Model {
  return modelOver(source, workspace, layerStore(source, workspace.yaml));
}

function modelOver(source: LayerSource, workspace: Workspace, store: LayerStore): Model {
  const { layer, layerIfRead } = store;
  const names = new Map<string, ReadonlySet<string>>();
  const readers = new Map<string, readonly Context[]>();
  const byApp = new Map<string, ReadonlyMap<string, readonly Context[]>>();
  const ownFiles = new Map<string, readonly string[]>();
  let files: ReadonlySet<string> | undefined;
  let folders: ReadonlyMap<string, readonly LayerFolder[]> | undefined;
  const foldersAt = (folder: string) => {
    folders ??= byFolder(layerFolders(workspace));
    return folders.get(folder) ?? [];
  };
  const namesOf = (folder: string) => remember(names, folder, () => fileNames(source, folder));
  const slots = new Map<string, ReadonlyMap<string, StackFile>>();
  const layersIn = (folder: string) =>
    remember(slots, folder, () => layersBySlot(workspace.scheme, folder, namesOf(folder)));
  const isLoaded = (file: string) => {
    const stem = layerStem(workspace.scheme, baseName(file))?.stem;
    return stem !== undefined && layersIn(folderOf(file)).get(stem)?.file === file;
  };
  const readersOfFile = (file: string) =>
    remember(readers, file, () =>
      isLoaded(file) ? foldersAt(folderOf(file)).flatMap((at) => readersOf(workspace, file, at)) : [],
    );
  return {
    workspace,
    store,
    layer,
    layerIfRead,
    read: (file) => source.read(file),
    lines: (file) => store.lines(file) ?? linesOnDisk(source, file),
    stack: (of) => [builtInLayer(of), ...withLayers(stackFiles(workspace, of, layersIn), layer)],
    readers: readersOfFile,
    readersByApp: (file) => remember(byApp, file, () => groupedByApp(readersOfFile(file))),
    owner: (file) => foldersAt(folderOf(file)).flatMap((at) => ownerOf(workspace, file, at) ?? [])[0],
    ownFiles: (app) =>
      remember(ownFiles, app, () =>
        loadedBy(workspace, app, layersIn).filter((file) =>
          readersOfFile(file).every((of) => of.app === app),
        ),
      ),
    names: namesOf,
    layersIn,
    layerFiles() {
      files ??= layerFilesIn(workspace, layerFolders(workspace), namesOf);
      return files;
    },
    isLayerFile: (file) =>
      foldersAt(folderOf(file)).some(
        (at) => namesOf(at.folder).has(baseName(file)) && isLayerAt(workspace, at, baseName(file)),
      ),
    isLayerFolder: (folder) => foldersAt(folder).length > 0,
    folders: (folder) => folderNames(source, folder),
    fileChanged: store.fileChanged,
    filesMoved() {
      names.clear();
      slots.clear();
      files = undefined;
      readers.clear();
      byApp.clear();
      ownFiles.clear();
    },
    withWorkspace: (other) =>
      modelOver(source, other, other.yaml === workspace.yaml ? store : layerStore(source, other.yaml)),
  };
}

function linesOnDisk(source: LayerSource, file: string): LineIndex {
  const content = source.read(file);
  return lineIndex(content !== undefined && 'text' in content ? content.text : '');
}

function folderNames(source: LayerSource, folder: string): string[] {
  const entries = source.list(folder) ?? [];
  return entries.filter((entry) => entry.kind === 'folder').map((entry) => entry.name);
}

function withLayers(files: readonly StackFile[], layer: Model['layer']): StackLayer[] {
  return files.flatMap((one) => {
    const content = layer(one.file);
    return content === undefined ? [] : [{ ...one, layer: content }];
  });
}

/** Every file that some context of an app loads. */
function loadedBy(workspace: Workspace, app: string, layersIn: Model['layersIn']): string[] {
  const contexts = [...contextsOf(workspace, app), ...buildContextsOf(workspace, app)];
  const files = contexts.flatMap((of) => stackFiles(workspace, of, layersIn).map(({ file }) => file));
  return [...new Set(files)];
}

function groupedByApp(readers: readonly Context[]): Map<string, Context[]> {
  const apps = new Map<string, Context[]>();
  for (const of of readers) remember(apps, of.app, () => []).push(of);
  return apps;
}

function byFolder(all: readonly LayerFolder[]): Map<string, LayerFolder[]> {
  const folders = new Map<string, LayerFolder[]>();
  for (const one of all) remember(folders, one.folder, () => []).push(one);
  return folders;
}

function remember<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** A folder whose files can be layers. */
export interface LayerFolder {
  folder: string;
  /** Whether its layers are named as central ones or as an app's own. */
  where: SlotPattern['where'];
  /** The app that it belongs to, where it is one app's own. */
  app?: App;
}

/** The folders whose files can be layers, the central ones first. */
export function layerFolders(workspace: Workspace): LayerFolder[] {
  const own = workspace.apps.flatMap((app): LayerFolder[] => {
    const folder = appDirectory(workspace, app);
    if (folder === undefined) return [];
    const local = joinPath(folder, workspace.scheme.localDirectory);
    return [
      { folder, app, where: 'app' },
      { folder: local, app, where: 'central' },
    ];
  });
  return [...workspace.configs.map((folder) => ({ folder, where: 'central' as const })), ...own];
}

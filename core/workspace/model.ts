import { builtInLayer } from '../layers/builtIn.ts';
import type { Context } from '../layers/context.ts';
import { layerFilesIn } from '../layers/layerFiles.ts';
import { fileNames, layersBySlot, type StackFile, stackFiles } from '../layers/stack.ts';
import type { StackLayer } from '../merge/setting.ts';
import type { FileText, LayerSource } from '../source.ts';
import { type LineIndex, lineIndex } from '../text/lines.ts';
import { joinPath } from '../text/paths.ts';
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
  /** The files that only this app's contexts load. */
  ownFiles(app: string): readonly string[];
  /** The names of the files in a folder. */
  names(folder: string): ReadonlySet<string>;
  /** The layers among them, by the slots that they are for. */
  layersIn(folder: string): ReadonlyMap<string, StackFile>;
  /** Every file that is a layer by its place and name, be it loaded or not: the same set until files move. */
  layerFiles(): ReadonlySet<string>;
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
  let readers: Readers | undefined;
  const readersNow = () => {
    readers ??= readersOfFiles(workspace, layersIn);
    return readers;
  };
  let files: ReadonlySet<string> | undefined;
  let ownFolders: ReadonlySet<string> | undefined;
  const namesOf = (folder: string) => remember(names, folder, () => fileNames(source, folder));
  const slots = new Map<string, ReadonlyMap<string, StackFile>>();
  const layersIn = (folder: string) =>
    remember(slots, folder, () => layersBySlot(workspace.scheme, folder, namesOf(folder)));
  return {
    workspace,
    store,
    layer,
    layerIfRead,
    read: (file) => source.read(file),
    lines(file) {
      const known = store.lines(file);
      const content = known === undefined ? source.read(file) : undefined;
      return known ?? lineIndex(content !== undefined && 'text' in content ? content.text : '');
    },
    stack(of) {
      const files = stackFiles(workspace, of, layersIn);
      const found = files.flatMap((one) => {
        const content = layer(one.file);
        return content === undefined ? [] : [{ ...one, layer: content }];
      });
      return [builtInLayer(of), ...found];
    },
    readers: (file) => readersNow().contexts.get(file) ?? [],
    ownFiles: (app) => readersNow().ownFiles.get(app) ?? [],
    names: namesOf,
    layersIn,
    layerFiles() {
      files ??= layerFilesIn(workspace, layerFolders(workspace), namesOf);
      return files;
    },
    isLayerFolder(folder) {
      ownFolders ??= new Set(layerFolders(workspace).map((one) => one.folder));
      return ownFolders.has(folder);
    },
    folders: (folder) => folderNames(source, folder),
    fileChanged: store.fileChanged,
    filesMoved() {
      names.clear();
      slots.clear();
      files = undefined;
      readers = undefined;
    },
    withWorkspace: (other) =>
      modelOver(source, other, other.yaml === workspace.yaml ? store : layerStore(source, other.yaml)),
  };
}

/** Who loads which file. */
interface Readers {
  contexts: Map<string, Context[]>;
  /** By app: the files that no other app loads. */
  ownFiles: Map<string, string[]>;
}

function folderNames(source: LayerSource, folder: string): string[] {
  const entries = source.list(folder) ?? [];
  return entries.filter((entry) => entry.kind === 'folder').map((entry) => entry.name);
}

function readersOfFiles(workspace: Workspace, layersIn: Model['layersIn']): Readers {
  const contexts = new Map<string, Context[]>();
  for (const app of workspace.apps) {
    for (const of of [...contextsOf(workspace, app.name), ...buildContextsOf(workspace, app.name)]) {
      for (const { file } of stackFiles(workspace, of, layersIn)) {
        remember(contexts, file, () => []).push(of);
      }
    }
  }
  const ownFiles = new Map<string, string[]>();
  for (const [file, [first, ...others]] of contexts) {
    if (first === undefined || others.some((of) => of.app !== first.app)) continue;
    remember(ownFiles, first.app, () => []).push(file);
  }
  return { contexts, ownFiles };
}

function remember<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** The folders whose files can be layers, with the app that each belongs to where it is one app's own. */
export function layerFolders(workspace: Workspace): { folder: string; app?: App }[] {
  const own = workspace.apps.flatMap((app) => {
    const folder = appDirectory(workspace, app);
    if (folder === undefined) return [];
    return [
      { folder, app },
      { folder: joinPath(folder, workspace.scheme.localDirectory), app },
    ];
  });
  return [...workspace.configs.map((folder) => ({ folder })), ...own];
}

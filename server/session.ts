import { type Context, sameContext } from '../core/layers/context.ts';
import { layerStem, yoconfigurator } from '../core/layers/scheme.ts';
import type { LayerSource } from '../core/source.ts';
import { stepsApp } from '../core/steps/appSteps.ts';
import { templateApp } from '../core/templates/templateFiles.ts';
import { baseName, folderOf } from '../core/text/paths.ts';
import { discoverWorkspaces } from '../core/workspace/discover.ts';
import { manifestNames } from '../core/workspace/manifest.ts';
import { type Model, openModel } from '../core/workspace/model.ts';
import { contextsOf } from '../core/workspace/workspace.ts';
import type { ContextList, ContextName } from '../protocol/contexts.ts';
import { fromContextName, toContextName } from './contextName.ts';

/**
 * What the server knows of the opened folders: their workspaces, and the context that the person chose. What
 * changed is only noted, and taken in by the next question: a thousand changes cost one look at the disk.
 */
export interface Session {
  models(): readonly Model[];
  /** The model that has the file as a layer, a manifest, public data, a template or what an app says of its steps. */
  modelOf(file: string): Model | undefined;
  contexts(): ContextList;
  /** The chosen context; the first there is until someone chose. */
  chosen(): Context | undefined;
  choose(name: ContextName): void;
  /** A context by its name, with the model that has it; `undefined` when it is not there. */
  placeOfContext(name: ContextName): { model: Model; context: Context } | undefined;
  /** Other folders are open now. */
  setFolders(folders: readonly string[]): void;
  /** The text of a file changed. */
  textChanged(file: string): void;
  /** A file came or went. */
  fileMoved(file: string): void;
  /** A document was opened or closed: one that is not on the disk comes and goes by that. Whether it did. */
  documentMoved(file: string, isOnDisk: boolean): boolean;
}

/** Starts with no folder open. */
export function startSession(source: LayerSource): Session {
  let folders: readonly string[] = [];
  let models: Model[] | undefined;
  let known: Context[] | undefined;
  let chosen: ContextName | undefined;
  /** Files came or went, or a manifest changed, since the workspaces were found. */
  let moved = false;

  const opened = (): Model[] => {
    if (models !== undefined && moved) rediscover(models);
    models ??= discoverWorkspaces(source, folders).map((workspace) => openModel(source, workspace));
    moved = false;
    return models;
  };
  /** Asked with every request, so kept for as long as the workspaces are the same. */
  const all = () => {
    const now = opened();
    known ??= now.flatMap((model) => allContexts(model));
    return known;
  };
  const active = () => {
    const wanted = chosen && fromContextName(chosen);
    return (wanted && all().find((of) => sameContext(of, wanted))) ?? all()[0];
  };
  const modelOf = (file: string) => opened().find((model) => knows(model, file));
  /** The layers that are read stay; only what they are layers of is found out anew. */
  const rediscover = (old: readonly Model[]) => {
    for (const model of old) model.filesMoved();
    const before = new Map(old.map((model) => [model.workspace.root, model]));
    models = discoverWorkspaces(source, folders).map(
      (workspace) => before.get(workspace.root)?.withWorkspace(workspace) ?? openModel(source, workspace),
    );
    known = undefined;
  };
  const textChanged = (file: string) => {
    for (const model of models ?? []) model.fileChanged(file);
    if (isManifest(file)) moved = true;
  };
  const fileMoved = (file: string) => {
    textChanged(file);
    moved = true;
  };
  return {
    models: opened,
    modelOf,
    contexts() {
      const now = active();
      return { contexts: all().map(toContextName), active: now === undefined ? null : toContextName(now) };
    },
    chosen: active,
    choose(name) {
      chosen = name;
    },
    placeOfContext(name) {
      const context = fromContextName(name);
      const model = opened().find((one) => allContexts(one).some((of) => sameContext(of, context)));
      return model && { model, context };
    },
    setFolders(now) {
      folders = now;
      models = undefined;
      known = undefined;
    },
    textChanged,
    fileMoved,
    documentMoved(file, isOnDisk) {
      const names = modelOf(file)?.names(folderOf(file));
      // What a file does that is not on the disk cannot be seen in names that may have been listed just now.
      const isNews = isOnDisk
        ? names?.has(baseName(file)) === false
        : names !== undefined || layerStem(yoconfigurator, baseName(file)) !== undefined;
      if (isNews) fileMoved(file);
      return isNews;
    },
  };
}

/** Whether a file describes a workspace. */
export function isManifest(file: string): boolean {
  return manifestNames.includes(baseName(file));
}

function knows(model: Model, file: string): boolean {
  const isLayer = file === model.workspace.manifest || model.isLayerFolder(folderOf(file));
  return isLayer || templateApp(model, file) !== undefined || stepsApp(model, file) !== undefined;
}

function allContexts(model: Model): Context[] {
  return model.workspace.apps.flatMap((app) => contextsOf(model.workspace, app.name));
}

import fs from 'node:fs';
import path from 'node:path';
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type FileEvent,
} from 'vscode-languageserver';
import { yoconfigurator } from '../core/layers/scheme.ts';
import { stepsFileOf } from '../core/steps/appSteps.ts';
import { templateFolders } from '../core/templates/templateFiles.ts';
import { folderOf } from '../core/text/paths.ts';
import { layerFolders, type Model } from '../core/workspace/model.ts';
import type { App } from '../core/workspace/workspace.ts';
import { uriOfFile } from './lsp/uri.ts';
import type { Session } from './session.ts';

const watched = ['**/*.{yaml,yml,json}', `**/${yoconfigurator.templateDirectory}/**`];
const layerEnding = /\.(ya?ml|json)$/;

/** Whether a file of a folder can be a layer; templates have any name. */
function matters(folder: string, name: string): boolean {
  return layerEnding.test(name) || `${folder}/`.includes(`/${yoconfigurator.templateDirectory}/`);
}

/** Asks the editor to tell of every layer and template that changes on the disk. */
export async function watchThroughEditor(connection: Connection): Promise<void> {
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: watched.map((globPattern) => ({ globPattern })),
  });
}

/** How far the clock of a file system may be behind, in milliseconds: Linux's goes in steps of up to 10 ms, FAT's of 2 s. */
const stepOfClocks = 2_000;

/** Events for the manifests, layers and folders that may be others since a time, in milliseconds since 1970. */
export function changedSince(session: Session, time: number): FileEvent[] {
  const isNewer = (file: string) => timeOfChange(file) >= time - stepOfClocks;
  return session.models().flatMap((model) => {
    const { root, manifest } = model.workspace;
    const steps = stepFilesOf(model);
    const folders = [root, ...layerFolders(model.workspace).map((one) => one.folder), ...steps.map(folderOf)];
    const files = [...(manifest === undefined ? [] : [manifest]), ...model.layerFiles(), ...steps];
    return [
      ...[...new Set(folders)].filter(isNewer).map((one) => eventAt(one, FileChangeType.Created)),
      ...files.filter(isNewer).map((one) => eventAt(one, FileChangeType.Changed)),
    ];
  });
}

function stepFilesOf({ workspace }: Model): string[] {
  return workspace.apps.flatMap((app) => stepsFileOf(app) ?? []);
}

/** Of a file or folder that is not there or may not be looked at: 0. */
function timeOfChange(file: string): number {
  try {
    // Unlike the time of its text, it is a new one also when another file is moved to its place.
    return fs.statSync(file).ctimeMs;
  } catch {
    return 0;
  }
}

/** What the server watches by itself. */
export interface FolderWatch {
  /** Watches these folders from now on, and no others. */
  follow(folders: readonly string[]): void;
  stop(): void;
}

/**
 * The folders that the editor does not watch: all with layers, templates and steps where it does not watch for a server, else
 * those that lie outside of its folders. For a folder that is not there, the nearest one above it that is.
 * @param watchedByEditor the folders in which the editor tells of changes.
 */
export function foldersToWatch(session: Session, watchedByEditor: readonly string[]): string[] {
  const isUnwatched = (folder: string) => !watchedByEditor.some((one) => `${folder}/`.startsWith(`${one}/`));
  const layers = session
    .models()
    .flatMap(({ workspace }) => [workspace.root, ...layerFolders(workspace).map((one) => one.folder)]);
  const templates = session
    .models()
    .flatMap((model) => appsIn(model, isUnwatched).flatMap((app) => templateFolders(model, app)));
  const steps = session.models().flatMap((model) => stepFilesOf(model).map(folderOf));
  return [...new Set([...layers, ...templates, ...steps].filter(isUnwatched).map(nearestThatIsThere))];
}

function appsIn({ workspace }: Model, isUnwatched: (folder: string) => boolean): App[] {
  return workspace.apps.filter(({ folder }) => folder !== undefined && isUnwatched(folder));
}

function nearestThatIsThere(folder: string): string {
  let nearest = folder;
  while (!fs.existsSync(nearest) && folderOf(nearest) !== nearest) nearest = folderOf(nearest);
  return nearest;
}

/**
 * Watches folders. One that is watched already goes on being watched, so that nothing is missed while many
 * things change; of one that is new, all files may have changed before.
 */
export function watchFolders(changed: (events: FileEvent[]) => void): FolderWatch {
  const watchers = new Map<string, fs.FSWatcher>();
  const forget = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const begin = (folder: string) => {
    const watcher = watchFolder(folder, changed, () => forget(folder));
    if (watcher !== undefined) watchers.set(folder, watcher);
    return watcher !== undefined;
  };
  let isFirst = true;
  return {
    follow(folders) {
      const wanted = new Set(folders);
      for (const folder of watchers.keys()) if (!wanted.has(folder)) forget(folder);
      const begun = folders.filter((folder) => !watchers.has(folder) && begin(folder));
      if (begun.length > 0 && !isFirst) changed(begun.flatMap(everythingIn));
      isFirst = false;
    },
    stop() {
      for (const folder of watchers.keys()) forget(folder);
    },
  };
}

function watchFolder(
  folder: string,
  changed: (events: FileEvent[]) => void,
  forget: () => void,
): fs.FSWatcher | undefined {
  try {
    const watcher = fs.watch(folder, { persistent: false }, (kind, name) => {
      // Of itself, a folder only tells that it goes; another of its name may be there already.
      const isGone = !fs.existsSync(folder) || (kind === 'rename' && name === path.basename(folder));
      if (isGone) forget();
      const event = isGone ? eventAt(folder, FileChangeType.Deleted) : eventOf(folder, kind, name);
      if (event !== undefined) changed([event]);
    });
    watcher.on('error', forget);
    return watcher;
  } catch {
    return undefined;
  }
}

/** Events for a folder and all that is in it. */
function everythingIn(folder: string): FileEvent[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const files = names.filter((name) => matters(folder, name)).map((name) => path.join(folder, name));
  const changed = files.map((file) => eventAt(file, FileChangeType.Changed));
  return [eventAt(folder, FileChangeType.Created), ...changed];
}

/** `undefined` for what is no matter of layers. A name without an ending may be a folder that came or went. */
function eventOf(folder: string, kind: string, name: string | null): FileEvent | undefined {
  if (name === null) return undefined;
  const file = path.join(folder, name);
  if (kind === 'change') return matters(folder, name) ? eventAt(file, FileChangeType.Changed) : undefined;
  if (!matters(folder, name) && name.includes('.')) return undefined;
  return eventAt(file, fs.existsSync(file) ? FileChangeType.Created : FileChangeType.Deleted);
}

function eventAt(file: string, type: FileChangeType): FileEvent {
  return { uri: uriOfFile(file), type };
}

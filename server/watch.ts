import fs from 'node:fs';
import path from 'node:path';
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type FileEvent,
} from 'vscode-languageserver';
import { templateFolders } from '../core/templates/templateFiles.ts';
import { layerFolders, type Model } from '../core/workspace/model.ts';
import type { App } from '../core/workspace/workspace.ts';
import { uriOfFile } from './lsp/uri.ts';
import type { Session } from './session.ts';

const watched = ['**/*.{yaml,yml,json}', '**/deploy/templates/**'];

/** Asks the editor to tell of every layer and template that changes on the disk. */
export async function watchThroughEditor(connection: Connection): Promise<void> {
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: watched.map((globPattern) => ({ globPattern })),
  });
}

/**
 * Watches the directories of layers and templates that the editor does not: all of them where it does not watch for a
 * server, else those that lie outside of its folders. To be called again when the directories may have changed.
 * @param watchedByEditor the folders in which the editor tells of changes.
 * @returns what ends it.
 */
export function watchFolders(
  session: Session,
  watchedByEditor: readonly string[],
  changed: (events: FileEvent[]) => void,
): () => void {
  const isUnwatched = (folder: string) => !watchedByEditor.some((one) => `${folder}/`.startsWith(`${one}/`));
  const layers = session
    .models()
    .flatMap(({ workspace }) => [workspace.root, ...layerFolders(workspace).map((one) => one.folder)]);
  const templates = session
    .models()
    .flatMap((model) => appsIn(model, isUnwatched).flatMap((app) => templateFolders(model, app)));
  const watchers = [
    ...[...new Set(layers.filter(isUnwatched))].flatMap((one) => watchFolder(one, changed, isLayerName)),
    ...[...new Set(templates.filter(isUnwatched))].flatMap((one) => watchFolder(one, changed, () => true)),
  ];
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

function isLayerName(name: string): boolean {
  return /\.(ya?ml|json)$/.test(name);
}

function appsIn({ workspace }: Model, isUnwatched: (folder: string) => boolean): App[] {
  return workspace.apps.filter(({ folder }) => folder !== undefined && isUnwatched(folder));
}

function watchFolder(
  folder: string,
  changed: (events: FileEvent[]) => void,
  matters: (name: string) => boolean,
): fs.FSWatcher[] {
  try {
    const watcher = fs.watch(folder, { persistent: false }, (kind, name) => {
      if (name === null || !matters(name)) return;
      const file = path.join(folder, name);
      const type =
        kind === 'change'
          ? FileChangeType.Changed
          : fs.existsSync(file)
            ? FileChangeType.Created
            : FileChangeType.Deleted;
      changed([{ uri: uriOfFile(file), type }]);
    });
    // A folder that goes away is told of by the one above it.
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

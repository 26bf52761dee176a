import fs from 'node:fs';
import path from 'node:path';
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type FileEvent,
} from 'vscode-languageserver';
import { layerFolders } from '../core/workspace/model.ts';
import { uriOfFile } from './lsp/uri.ts';
import type { Session } from './session.ts';

const watched = '**/*.{yaml,yml,json}';

/** Asks the editor to tell of every layer that changes on the disk. */
export async function watchThroughEditor(connection: Connection): Promise<void> {
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [{ globPattern: watched }],
  });
}

/**
 * Watches the config directories that the editor does not: all of them where it does not watch for a server,
 * else those that lie outside of its folders. To be called again when the directories may have changed.
 * @param watchedByEditor the folders in which the editor tells of changes.
 * @returns what ends it.
 */
export function watchFolders(
  session: Session,
  watchedByEditor: readonly string[],
  changed: (events: FileEvent[]) => void,
): () => void {
  const all = session
    .models()
    .flatMap(({ workspace }) => [workspace.root, ...layerFolders(workspace).map((one) => one.folder)]);
  const own = all.filter((folder) => !watchedByEditor.some((one) => `${folder}/`.startsWith(`${one}/`)));
  const watchers = [...new Set(own)].flatMap((folder) => watchFolder(folder, changed));
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

function watchFolder(folder: string, changed: (events: FileEvent[]) => void): fs.FSWatcher[] {
  try {
    const watcher = fs.watch(folder, { persistent: false }, (kind, name) => {
      if (name === null || !/\.(ya?ml|json)$/.test(name)) return;
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

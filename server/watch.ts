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
 * Watches the config directories itself, for editors that do not watch for a server. To be called again when
 * the directories may have changed.
 * @returns what ends it.
 */
export function watchFolders(session: Session, changed: (events: FileEvent[]) => void): () => void {
  const folders = new Set(
    session
      .models()
      .flatMap(({ workspace }) => [workspace.root, ...layerFolders(workspace).map((one) => one.folder)]),
  );
  const watchers = [...folders].flatMap((folder) => watchFolder(folder, changed));
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

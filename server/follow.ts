import { type Connection, FileChangeType, type FileEvent, type TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { afterBurst } from './burst.ts';
import { fileOfUri } from './lsp/uri.ts';
import { isManifest, type Session } from './session.ts';
import { changedSince, foldersToWatch, watchFolders } from './watch.ts';

/** What is to be done when something changed. */
export interface Reactions {
  /** Some layer says something else now. */
  layersChanged(): void;
  /** Apps, environments or clusters may be others now. */
  contextsChanged(): void;
}

/**
 * Takes in what the person types, opens and closes.
 * @param isOnDisk whether a file is there without the editor.
 */
export function followDocuments(
  documents: TextDocuments<TextDocument>,
  session: Session,
  isOnDisk: (file: string) => boolean,
  { layersChanged, contextsChanged }: Reactions,
): void {
  const changed = (uri: string) => {
    const file = fileOfUri(uri);
    if (file === undefined) return;
    session.textChanged(file);
    if (isManifest(file)) contextsChanged();
    layersChanged();
  };
  const moved = (uri: string) => {
    const file = fileOfUri(uri);
    if (file !== undefined && session.documentMoved(file, isOnDisk(file))) contextsChanged();
  };
  documents.onDidOpen(({ document }) => moved(document.uri));
  documents.onDidChangeContent(({ document }) => changed(document.uri));
  documents.onDidClose(({ document }) => {
    moved(document.uri);
    changed(document.uri);
  });
}

/** The folders that are open, and the files that change in them. */
export interface FollowedFolders {
  open(folders: readonly string[]): void;
  /** The editor watches from now on: takes in what happened in the folders since they were opened. */
  watched(): void;
  /** Some folders came, others went. */
  change(added: readonly string[], removed: readonly string[]): void;
  /** Reacts at once to what happened on the disk so far. */
  takeIn(): void;
  stop(): void;
}

/**
 * Takes in what happens on the disk: what the editor tells of, and what only the server can see. The session
 * knows of it at once; the reactions to a burst of changes come together when it is over.
 * @param editorWatches whether the editor tells of changes in the folders that are open.
 */
export function followFolders(
  connection: Connection,
  session: Session,
  editorWatches: () => boolean,
  { layersChanged, contextsChanged }: Reactions,
): FollowedFolders {
  let folders: readonly string[] = [];
  const watch = watchFolders((events) => filesChanged(events));
  const watchAnew = () => watch.follow(foldersToWatch(session, editorWatches() ? folders : []));
  let moved = false;
  const burst = afterBurst(() => {
    if (moved) {
      watchAnew();
      contextsChanged();
    }
    moved = false;
    layersChanged();
  });
  const filesChanged = (events: readonly FileEvent[]) => {
    if (applyEvents(session, events)) moved = true;
    burst.again();
  };
  let openedAt = 0;
  const open = (now: readonly string[]) => {
    folders = now;
    openedAt = Date.now();
    session.setFolders(folders);
    watchAnew();
    contextsChanged();
    layersChanged();
  };
  connection.onDidChangeWatchedFiles(({ changes }) => filesChanged(changes));
  return {
    open,
    watched() {
      const events = changedSince(session, openedAt);
      if (events.length > 0) filesChanged(events);
    },
    change: (added, removed) => open([...folders.filter((folder) => !removed.includes(folder)), ...added]),
    takeIn: burst.endNow,
    stop() {
      burst.stop();
      watch.stop();
    },
  };
}

/** Takes in what happened on the disk; whether apps, environments or the manifest may have changed by it. */
function applyEvents(session: Session, events: readonly FileEvent[]): boolean {
  let moved = false;
  for (const { uri, type } of events) {
    const file = fileOfUri(uri);
    if (file === undefined) continue;
    if (type === FileChangeType.Changed) session.textChanged(file);
    else session.fileMoved(file);
    moved ||= type !== FileChangeType.Changed || isManifest(file);
  }
  return moved;
}

import * as vscode from 'vscode';
import { isWorkspaceList, type WorkspaceInfo, workspacesMethods } from '../../protocol/workspaces.ts';
import type { LanguageServer } from '../languageServer.ts';

/** What the language server says of the open workspaces. */
export interface WorkspaceList extends vscode.Disposable {
  current(): readonly WorkspaceInfo[];
  /** Asks where nothing was told yet. */
  load(): Promise<readonly WorkspaceInfo[]>;
  readonly onDidChange: vscode.Event<void>;
}

export function trackWorkspaces(server: LanguageServer): WorkspaceList {
  let list: readonly WorkspaceInfo[] | undefined;
  const changed = new vscode.EventEmitter<void>();
  const take = (value: unknown) => {
    if (!isWorkspaceList(value)) return;
    list = value.workspaces;
    changed.fire();
  };
  const listening = server.onNotification(workspacesMethods.changed, take);
  return {
    current: () => list ?? [],
    async load() {
      if (list === undefined) take(await server.sendRequest(workspacesMethods.workspaces));
      return list ?? [];
    },
    onDidChange: changed.event,
    dispose() {
      listening.dispose();
      changed.dispose();
    },
  };
}

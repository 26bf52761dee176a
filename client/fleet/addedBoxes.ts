import * as vscode from 'vscode';
import type { BoxInfo, WorkspaceInfo } from '../../protocol/workspaces.ts';
import type { FleetBox } from './fleet.ts';

/** Boxes that no manifest names: the local agent's. */
export interface AddedBoxes extends vscode.Disposable {
  /** Adds a box to the workspace of a folder (an address); what comes back takes it away again. */
  add(root: string, box: BoxInfo): vscode.Disposable;
  /** Those of the open workspaces; where a manifest has the same name or address, it is the manifest that counts. */
  boxesOf(workspace: WorkspaceInfo): FleetBox[];
  readonly onDidChange: vscode.Event<void>;
}

export function addedBoxes(): AddedBoxes {
  const added = new Set<{ root: string; box: BoxInfo }>();
  const changed = new vscode.EventEmitter<void>();
  return {
    add(root, box) {
      const entry = { root, box };
      added.add(entry);
      changed.fire();
      return new vscode.Disposable(() => {
        if (added.delete(entry)) changed.fire();
      });
    },
    boxesOf: (workspace) =>
      [...added]
        .filter(({ root, box }) => root === workspace.root && !isNamed(workspace, box))
        .map(({ box }) => ({ ...box, workspace, isLocal: true })),
    onDidChange: changed.event,
    dispose: () => changed.dispose(),
  };
}

function isNamed({ boxes }: WorkspaceInfo, { name, url }: BoxInfo): boolean {
  return boxes.some((one) => one.name === name || one.url === url);
}

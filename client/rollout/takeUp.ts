import * as vscode from 'vscode';
import { isOver } from '../../remote/rollout/again.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import { resume } from './again.ts';
import type { RolloutParts } from './parts.ts';

/** The window that followed it may be closing just now; so often that is looked at, in milliseconds. */
const everyMs = 2000;

/** Follows the rollouts again that were not over when their window was closed. Asks nobody where there are none. */
export function takeUpRollouts(parts: RolloutParts): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const tried = new Set<string>();
  const look = () => {
    const open = vscode.workspace.isTrusted ? openHere(parts).filter(({ id }) => !tried.has(id)) : [];
    for (const rollout of open) {
      if (parts.deployments.isElsewhere(rollout.id)) continue;
      tried.add(rollout.id);
      void resume(parts, rollout, false);
    }
    // Whoever follows one may end.
    if (open.some(({ id }) => !tried.has(id))) timer = setTimeout(look, everyMs);
  };
  look();
  const trusting = vscode.workspace.onDidGrantWorkspaceTrust(look);
  return new vscode.Disposable(() => {
    clearTimeout(timer);
    trusting.dispose();
  });
}

/** Those that are not over, of folders that are open here. */
function openHere({ deployments }: RolloutParts): Rollout[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  return deployments
    .list()
    .filter(
      (one) =>
        !isOver(one) &&
        !deployments.isFollowed(one.id) &&
        folders.some((folder) => `${one.workspace}/`.startsWith(`${folder}/`)),
    );
}

import * as vscode from 'vscode';
import type { Rollout } from '../../remote/rollout/record.ts';
import type { Deployments } from './deployments.ts';

const keys: Readonly<Record<Rollout['action'], string>> = {
  deploy: 'strata.hasDeployed',
  rollback: 'strata.hasRolledBack',
};

/** Marks steps of the walkthrough as done, however it came to a deployment: VS Code sees no commands that extensions run themselves. */
export function tellTourSteps(deployments: Deployments): vscode.Disposable {
  const told = new Set<string>();
  return deployments.onDidChange((id) => {
    if (told.size === Object.keys(keys).length) return;
    const action = deployments.watched(id)?.rollout.action;
    if (action === undefined || told.has(action)) return;
    told.add(action);
    void vscode.commands.executeCommand('setContext', keys[action], true);
  });
}

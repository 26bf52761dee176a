import * as vscode from 'vscode';
import type { DeploymentAction } from '../../protocol/deploymentView.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isTrusted } from '../trust.ts';
import { resume, retryFailed, revert } from './again.ts';
import { askingPeople } from './asking.ts';
import { openDeployments } from './deployments.ts';
import { loadHistory } from './history.ts';
import { deploymentPanels } from './panels.ts';
import type { RolloutParts } from './parts.ts';
import { planDocuments } from './planDocuments.ts';
import { takeUpRollouts } from './takeUp.ts';
import { tellTourSteps } from './tourSteps.ts';

/** All that deployments need, and what follows those again that were running when the window was closed. */
export interface Rollouts extends RolloutParts, vscode.Disposable {
  /** Where the records are kept. */
  folder: string;
  /** Looks for rollouts that nobody follows. */
  takeUp(): void;
}

/** Opens the records of deployments. Nothing is asked of anybody yet. */
export function openRollouts(
  extension: vscode.ExtensionContext,
  fleet: Fleet,
  log: vscode.LogOutputChannel,
): Rollouts {
  const folder = vscode.Uri.joinPath(extension.globalStorageUri, 'rollouts').fsPath;
  const deployments = openDeployments(folder);
  const panels = deploymentPanels({
    extension: extension.extensionUri,
    deployments,
    act: (id, action) => act(parts, id, action),
    history: (id, box) => loadHistory(fleet, deployments, id, box),
  });
  const plans = planDocuments();
  const parts: RolloutParts = { fleet, deployments, panels, plans, asking: askingPeople(), log };
  const owned: vscode.Disposable[] = [panels, plans, tellTourSteps(deployments), deployments];
  return {
    ...parts,
    folder,
    takeUp: () => void owned.push(takeUpRollouts(parts)),
    dispose: () => vscode.Disposable.from(...owned).dispose(),
  };
}

/** Does what a person wants on the page of a deployment. */
function act(parts: RolloutParts, id: string, action: DeploymentAction): void {
  const { deployments } = parts;
  const rollout = deployments.watched(id)?.rollout;
  // Pages that were open are there again in a workspace whose trust was taken away.
  if (rollout === undefined || !isTrusted()) return;
  const ways: Readonly<Record<DeploymentAction, () => unknown>> = {
    cancel: () => deployments.cancel(id),
    leave: () => deployments.leave(id),
    resume: () => resume(parts, rollout),
    retry: () => retryFailed(parts, rollout),
    rollBack: () => revert(parts, rollout),
    logs: () => vscode.commands.executeCommand('strata.showDeploymentLogs', id),
  };
  void ways[action]();
}

import type * as vscode from 'vscode';
import type { Fleet } from '../fleet/fleet.ts';
import type { Asking } from './asking.ts';
import type { Deployments } from './deployments.ts';
import type { DeploymentPanels } from './panels.ts';
import type { PlanDocuments } from './planDocuments.ts';

/** What deployments work with. */
export interface RolloutParts {
  fleet: Fleet;
  deployments: Deployments;
  panels: DeploymentPanels;
  plans: PlanDocuments;
  asking: Asking;
  log: vscode.LogOutputChannel;
}

import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { chosenRollout } from './chosen.ts';

/** Begins no other box of a deployment, and cancels what runs. */
export async function cancelDeployment(parts: Parts, id?: unknown): Promise<void> {
  const rollout = await chosenRollout(parts, id, {
    title: vscode.l10n.t('Cancel Deployment'),
    none: vscode.l10n.t('Strata: no deployment runs in this window.'),
    fits: ({ state }) => state === 'running',
  });
  if (rollout !== undefined) parts.rollouts.deployments.cancel(rollout.id);
}

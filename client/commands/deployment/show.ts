import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { chosenRollout } from './chosen.ts';

/** Shows the panel of a deployment: of the one named, or of one of the last ones. */
export async function showDeployments(parts: Parts, id?: unknown): Promise<void> {
  const rollout = await chosenRollout(parts, id, {
    title: vscode.l10n.t('Deployments'),
    none: vscode.l10n.t('Strata: nothing was deployed from this editor yet.'),
    fits: () => true,
  });
  if (rollout !== undefined) parts.rollouts.panels.show(rollout.id);
}

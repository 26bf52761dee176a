import * as vscode from 'vscode';
import { revert } from '../../rollout/again.ts';
import { possible } from '../../rollout/rows.ts';
import type { Parts } from '../parts.ts';
import { chosenRollout } from './chosen.ts';

/** Gives the boxes on which a deployment ended well the version back that they had. */
export async function revertDeployment(parts: Parts, id?: unknown): Promise<void> {
  const rollout = await chosenRollout(parts, id, {
    title: vscode.l10n.t('Revert Deployment'),
    none: vscode.l10n.t('Strata: there is no deployment that can be taken back.'),
    fits: (one) => possible(one).rollBack,
  });
  if (rollout !== undefined) await revert(parts.rollouts, rollout);
}

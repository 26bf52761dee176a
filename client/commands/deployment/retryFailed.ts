import * as vscode from 'vscode';
import { retryFailed as retry } from '../../rollout/again.ts';
import { possible } from '../../rollout/rows.ts';
import type { Parts } from '../parts.ts';
import { chosenRollout } from './chosen.ts';

/** Deploys once more to the boxes on which a deployment did not end well. */
export async function retryFailed(parts: Parts, id?: unknown): Promise<void> {
  const rollout = await chosenRollout(parts, id, {
    title: vscode.l10n.t('Retry Failed'),
    none: vscode.l10n.t('Strata: no deployment has failed.'),
    fits: (one) => possible(one).retry,
  });
  if (rollout !== undefined) await retry(parts.rollouts, rollout);
}

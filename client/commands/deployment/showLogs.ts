import * as vscode from 'vscode';
import type { OpenTail } from '../../logs/openTail.ts';
import { boxesOfRollout } from '../../rollout/again.ts';
import type { Parts } from '../parts.ts';
import { chosenRollout } from './chosen.ts';

/** **Strata: Show Deployment Logs**: what all boxes of a deployment tell, merged by time; from its beginning on, also while it runs. */
export async function showDeploymentLogs(parts: Parts, id?: unknown): Promise<OpenTail | undefined> {
  const rollout = await chosenRollout(parts, id, {
    title: vscode.l10n.t('Show Deployment Logs'),
    none: vscode.l10n.t('Strata: nothing was deployed from this editor yet.'),
    fits: () => true,
  });
  if (rollout === undefined) return undefined;
  const boxes = await boxesOfRollout(parts.fleet, rollout);
  if (boxes.length === 0) {
    const text = vscode.l10n.t('Strata: no manifest of this workspace names the boxes of this deployment.');
    void vscode.window.showInformationMessage(text);
    return undefined;
  }
  const known = rollout.boxes.flatMap(({ box, deployment }) =>
    deployment === null ? [] : [[box, deployment]],
  );
  const tail = await parts.tails.open({
    boxes: boxes.map(({ name, workspace: { root } }) => ({ root, name })),
    ...{ app: rollout.app, which: { from: Object.fromEntries(known), since: rollout.created } },
  });
  tail.terminal.show();
  return tail;
}

import * as vscode from 'vscode';
import type { Rollout } from '../../../remote/rollout/record.ts';
import type { Watched } from '../../rollout/rows.ts';
import { viewState } from '../../rollout/rows.ts';
import { agoText } from '../../rollout/versions.ts';
import { summaryOf, titleOf } from '../../rollout/words.ts';
import type { Parts } from '../parts.ts';

interface Choice extends vscode.QuickPickItem {
  rollout: Rollout;
}

/** The deployment that a command is about: the one named, the only one that fits, or one that is chosen. Says where none fits. */
export async function chosenRollout(
  { rollouts }: Parts,
  id: unknown,
  { title, none, fits }: { title: string; none: string; fits: (one: Watched) => boolean },
): Promise<Rollout | undefined> {
  const { deployments } = rollouts;
  if (typeof id === 'string') return deployments.watched(id)?.rollout;
  const all = deployments.list().flatMap((one) => deployments.watched(one.id) ?? []);
  const fitting = all.filter(fits);
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  const placeHolder = vscode.l10n.t('Which deployment?');
  const options = { title, placeHolder, matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(fitting.map(choiceOf), options))?.rollout;
}

const icons = {
  ...{ running: '$(sync)', stopping: '$(sync-ignored)', left: '$(debug-disconnect)' },
  ...{ done: '$(pass)', bad: '$(error)' },
};

function choiceOf(watched: Watched): Choice {
  const { rollout } = watched;
  return {
    label: `${icons[viewState(watched)]} ${titleOf(rollout)}`,
    description: agoText(Date.now() - rollout.created, vscode.env.language),
    detail: `${summaryOf(rollout)} · ${rollout.boxes.map(({ box }) => box).join(', ')}`,
    rollout,
  };
}

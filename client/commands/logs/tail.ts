import * as vscode from 'vscode';
import type { FleetBox } from '../../fleet/fleet.ts';
import { agoText, changeText, durationText, iconOf } from '../../history/words.ts';
import { type BoxDeployment, type BoxDeployments, newestFirst } from '../../logs/askDeployments.ts';
import type { OpenTail } from '../../logs/openTail.ts';
import type { TailQuestion } from '../../logs/question.ts';
import { readTarget } from '../../logs/target.ts';
import { isTrusted } from '../../trust.ts';
import { chooseApp, chooseBoxes } from '../boxChoice.ts';
import { pickDeployments } from '../deploymentPick.ts';
import type { Parts } from '../parts.ts';

/**
 * **Strata: Tail Deploy Logs…**: what deployments on boxes tell, merged by time, in a terminal. Asks only for what its argument does not
 * tell (`LogTarget`).
 */
export async function tailLogs({ fleet, tails }: Parts, node: unknown): Promise<OpenTail | undefined> {
  if (!isTrusted()) return undefined;
  const target = readTarget(node);
  const title = vscode.l10n.t('Tail Deploy Logs');
  const boxes = await chooseBoxes(fleet, target, title);
  if (boxes === undefined) return undefined;
  if (target.deployment !== undefined) {
    return await show(tails, questionOf(boxes, null, { deployment: target.deployment }));
  }
  const app = await chooseApp(boxes, target, title);
  if (app === undefined) return undefined;
  const chosen = await pickDeployments(fleet, boxes, {
    title,
    placeHolder: vscode.l10n.t('Which deployments?'),
    app: app ?? undefined,
    limit: 20,
    items: whichItems,
  });
  if (chosen === undefined) return undefined;
  const { which } = chosen;
  if (typeof which === 'string') return await show(tails, questionOf(boxes, app, which));
  return await show(tails, questionOf([which.box], app, { deployment: which.deployment.id }));
}

async function show(tails: Parts['tails'], question: TailQuestion): Promise<OpenTail> {
  const tail = await tails.open(question);
  tail.terminal.show();
  return tail;
}

function questionOf(
  boxes: readonly FleetBox[],
  app: string | null,
  which: TailQuestion['which'],
): TailQuestion {
  return { boxes: boxes.map(({ name, workspace: { root } }) => ({ root, name })), app, which };
}

interface WhichItem extends vscode.QuickPickItem {
  which: 'last' | 'new' | BoxDeployment;
}

function whichItems(found: readonly BoxDeployments[]): (WhichItem | vscode.QuickPickItem)[] {
  const all = newestFirst(found);
  const running = all.filter(({ deployment }) => deployment.result === null);
  const over = all.filter(({ deployment }) => deployment.result !== null);
  const line = (label: string, items: readonly BoxDeployment[]) => [
    ...(items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }]),
    ...items.map((which) => ({ ...deploymentItem(which), which })),
  ];
  return [
    {
      label: vscode.l10n.t('$(history) The last ones, and all new ones'),
      description: vscode.l10n.t('the last deployment of each box, then what begins'),
      which: 'last' as const,
    },
    {
      label: vscode.l10n.t('$(eye) All new ones'),
      description: vscode.l10n.t('what runs now, then what begins'),
      which: 'new' as const,
    },
    ...line(vscode.l10n.t('running'), running),
    ...line(vscode.l10n.t('before'), over),
  ];
}

/** A deployment as a line of a quick pick. */
export function deploymentItem({ box, deployment }: BoxDeployment): vscode.QuickPickItem {
  const { user, created, updated, result, reason, action } = deployment;
  const words = [
    box.name,
    user,
    agoText(created, Date.now(), vscode.env.language),
    ...(result === null ? [deployment.state] : [durationText(updated - created), result]),
    ...(action === 'rollback' ? [vscode.l10n.t('by a rollback')] : []),
  ];
  return {
    label: `$(${iconOf(deployment)}) ${changeText(deployment)}`,
    description: words.join(' · '),
    ...(reason === null ? {} : { detail: reason }),
  };
}

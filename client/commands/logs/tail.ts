import * as vscode from 'vscode';
import type { Fleet, FleetBox } from '../../fleet/fleet.ts';
import { agoText, changeText, durationText, iconOf } from '../../history/words.ts';
import { type BoxDeployment, type BoxDeployments, newestFirst } from '../../logs/askDeployments.ts';
import type { OpenTail } from '../../logs/openTail.ts';
import type { TailQuestion } from '../../logs/question.ts';
import { readTarget } from '../../logs/target.ts';
import { askInTurn, type Step } from '../../rollout/input.ts';
import { isTrusted } from '../../trust.ts';
import { appsOf, askApp, askBoxes, meantBoxes } from '../boxChoice.ts';
import { pickDeployments } from '../deploymentPick.ts';
import type { Parts } from '../parts.ts';

/**
 * **Strata: Tail Deploy Logs…**: what deployments on boxes tell, merged by time, in a terminal. Asks only for what its argument does not
 * tell (`LogTarget`).
 */
export async function tailLogs({ fleet, tails }: Parts, node: unknown): Promise<OpenTail | undefined> {
  if (!isTrusted()) return undefined;
  const target = readTarget(node);
  const meant = await meantBoxes(fleet, target);
  if (meant === undefined) return undefined;
  const { deployment } = target;
  const apps = appsOf(meant);
  const said: Said = {
    boxes: meant,
    app: target.app ?? (apps.length < 2 ? (apps[0] ?? null) : null),
    which: deployment === undefined ? 'last' : { deployment },
  };
  const steps = stepsOf(fleet, meant, said);
  const asked = [
    ...(meant.length > 1 ? [steps.boxes] : []),
    ...(deployment === undefined && target.app === undefined && apps.length > 1 ? [steps.app] : []),
    ...(deployment === undefined ? [steps.which] : []),
  ];
  if (!(await askInTurn(asked))) return undefined;
  const { which } = said;
  // One deployment has one box.
  if (typeof which === 'object' && 'box' in which) {
    return await show(tails, questionOf([which.box], said.app, { deployment: which.deployment.id }));
  }
  return await show(tails, questionOf(said.boxes, deployment === undefined ? said.app : null, which));
}

/** What is asked for: told by whoever called the command, or by a person. */
interface Said {
  boxes: readonly FleetBox[];
  app: string | null;
  which: TailQuestion['which'] | BoxDeployment;
}

function stepsOf(fleet: Fleet, meant: readonly FleetBox[], said: Said): Record<keyof Said, Step> {
  const title = vscode.l10n.t('Tail Deploy Logs');
  return {
    async boxes(step, of) {
      const answer = await askBoxes({ title, step, of }, meant);
      if (typeof answer === 'object') said.boxes = answer.value;
      return answer;
    },
    async app(step, of) {
      const answer = await askApp({ title, step, of }, said.boxes);
      if (typeof answer === 'object') said.app = answer.value;
      return answer;
    },
    async which(step, of) {
      const answer = await pickDeployments<WhichItem>(fleet, said.boxes, {
        ...{ title, step, of, placeholder: vscode.l10n.t('Which deployments?') },
        ...{ app: said.app ?? undefined, limit: 20, items: whichItems },
      });
      if (typeof answer === 'object') said.which = answer.value.which;
      return answer;
    },
  };
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

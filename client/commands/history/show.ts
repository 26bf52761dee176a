import * as vscode from 'vscode';
import type { FleetBox } from '../../fleet/fleet.ts';
import { changeText, durationText, tableText, timeText } from '../../history/words.ts';
import { type BoxDeployment, type BoxDeployments, newestFirst } from '../../logs/askDeployments.ts';
import { readTarget } from '../../logs/target.ts';
import { type Answer, askInTurn, type Choice, pickOne, type Step } from '../../rollout/input.ts';
import { isTrusted } from '../../trust.ts';
import { appsOf, askApp, meantBoxes } from '../boxChoice.ts';
import { pickDeployments } from '../deploymentPick.ts';
import { deploymentItem } from '../logs/tail.ts';
import type { Parts } from '../parts.ts';

interface Item extends vscode.QuickPickItem {
  of: BoxDeployment;
}

/** **Strata: Show Deployment History**: of an app, or of all, over the boxes of an environment, newest first. Its argument is a `LogTarget`. */
export async function showHistory(parts: Parts, node: unknown): Promise<void> {
  if (!isTrusted()) return;
  const target = readTarget(node);
  const meant = await meantBoxes(parts.fleet, target);
  if (meant === undefined) return;
  const environments = [...new Set(meant.map(({ environment }) => environment))];
  const apps = appsOf(meant);
  const said: Said = { boxes: meant, app: target.app ?? (apps.length < 2 ? (apps[0] ?? null) : null) };
  const title = vscode.l10n.t('Deployment History');
  const askEnvironment: Step = async (step, of) => {
    const placeholder = vscode.l10n.t('Which environment?');
    const answer = await pickOne({ title, step, of, placeholder, choices: () => environmentItems(meant) });
    if (typeof answer === 'object') said.boxes = answer.value;
    return answer;
  };
  const askWhichApp: Step = async (step, of) => {
    const answer = await askApp({ title, step, of }, said.boxes);
    if (typeof answer === 'object') said.app = answer.value;
    return answer;
  };
  await askInTurn([
    ...(environments.length > 1 ? [askEnvironment] : []),
    ...(target.app === undefined && apps.length > 1 ? [askWhichApp] : []),
    (step, of) => showList(parts, said, { step, of }),
  ]);
}

/** What a person has answered so far. */
interface Said {
  boxes: FleetBox[];
  app: string | null;
}

/** The list itself; Enter opens a log. */
async function showList(
  parts: Parts,
  { boxes, app }: Said,
  place: { step: number; of: number },
): Promise<Answer<Item>> {
  const title = titleOf(boxes, app);
  const actions = await itemActions();
  const table = { iconPath: new vscode.ThemeIcon('table'), tooltip: vscode.l10n.t('Open as Table') };
  const answer = await pickDeployments<Item>(parts.fleet, boxes, {
    ...{ ...place, title, placeholder: vscode.l10n.t('Enter opens the log') },
    ...{ app: app ?? undefined, limit: 200, buttons: [table] },
    items: (found) =>
      newestFirst(found).map((of) => ({ ...deploymentItem(of), buttons: actions.buttons, of })),
    pressed(button, item, found) {
      if (button === table) void parts.historyDocuments.show(title, historyText(found));
      if (item !== undefined) actions.run(button, item.of);
    },
  });
  if (typeof answer === 'object') await openLog(answer.value.of);
  return answer;
}

function environmentItems(boxes: readonly FleetBox[]): Choice<FleetBox[]>[] {
  const environments = [...new Set(boxes.map(({ environment }) => environment))];
  return environments.map((label) => {
    const value = boxes.filter(({ environment }) => environment === label);
    return { label, description: value.map(({ name }) => name).join(', '), value };
  });
}

function titleOf(boxes: readonly FleetBox[], app: string | null): string {
  const where = boxes.length === 1 ? boxes[0]?.name : boxes[0]?.environment;
  return vscode.l10n.t('Deployments of {0} on {1}', app ?? vscode.l10n.t('all apps'), where ?? '');
}

/** What can be done with one of them. Going back to it only where that command is there. */
async function itemActions() {
  const log = { iconPath: new vscode.ThemeIcon('output'), tooltip: vscode.l10n.t('Open Log') };
  const copy = { iconPath: new vscode.ThemeIcon('copy'), tooltip: vscode.l10n.t('Copy') };
  const back = { iconPath: new vscode.ThemeIcon('discard'), tooltip: vscode.l10n.t('Roll Back to This…') };
  const canRollBack = (await vscode.commands.getCommands(true)).includes('strata.rollBack');
  return {
    buttons: canRollBack ? [log, copy, back] : [log, copy],
    run(button: vscode.QuickInputButton, one: BoxDeployment) {
      if (button === log) void openLog(one);
      if (button === copy) void vscode.env.clipboard.writeText(rowOf(one).join('\t'));
      if (button === back) void rollBackTo(one);
    },
  };
}

function openLog({ box, deployment }: BoxDeployment): Thenable<unknown> {
  const target = { root: box.workspace.root, box: box.name, app: deployment.app, deployment: deployment.id };
  return vscode.commands.executeCommand('strata.tailLogs', target);
}

function rollBackTo({ box, deployment: { app, channel, version } }: BoxDeployment): Thenable<unknown> {
  const target = { root: box.workspace.root, box: box.name, app, channel, version };
  return vscode.commands.executeCommand('strata.rollBack', target);
}

/** All of it as a table; boxes that could not be asked stand below it. */
function historyText(found: readonly BoxDeployments[]): string {
  const head = [
    ...[vscode.l10n.t('When'), vscode.l10n.t('Box'), vscode.l10n.t('What'), vscode.l10n.t('Who')],
    ...[vscode.l10n.t('Took'), vscode.l10n.t('Result'), vscode.l10n.t('Reason')],
  ];
  const lost = found.flatMap(({ box, fault }) => (fault === undefined ? [] : `${box.name}: ${fault}\n`));
  const table = tableText([head, ...newestFirst(found).map(rowOf)]);
  return lost.length === 0 ? table : `${table}\n${lost.join('')}`;
}

function rowOf({ box, deployment }: BoxDeployment): string[] {
  const { created, updated, user, result, state, reason, action } = deployment;
  const what = action === 'rollback' ? `${changeText(deployment)} ⟲` : changeText(deployment);
  const took = result === null ? '' : durationText(updated - created);
  const why = reason?.replace(/\s+/g, ' ') ?? '';
  return [timeText(created), box.name, what, user, took, result ?? state, why];
}

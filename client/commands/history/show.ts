import * as vscode from 'vscode';
import type { FleetBox } from '../../fleet/fleet.ts';
import { changeText, durationText, tableText, timeText } from '../../history/words.ts';
import { type BoxDeployment, type BoxDeployments, newestFirst } from '../../logs/askDeployments.ts';
import { type LogTarget, readTarget } from '../../logs/target.ts';
import { isTrusted } from '../../trust.ts';
import { chooseApp, isMeant } from '../boxChoice.ts';
import { pickDeployments } from '../deploymentPick.ts';
import { deploymentItem } from '../logs/tail.ts';
import type { Parts } from '../parts.ts';

interface Item extends vscode.QuickPickItem {
  of: BoxDeployment;
}

/** **Strata: Show Deployment History**: of an app, or of all, over the boxes of an environment, newest first. Its argument is a `LogTarget`. */
export async function showHistory(parts: Parts, node: unknown): Promise<void> {
  if (!isTrusted()) return;
  const { fleet } = parts;
  const target = readTarget(node);
  const boxes = await chooseEnvironment(await fleet.load(), target);
  if (boxes === undefined) return;
  const app = await chooseApp(boxes, target, vscode.l10n.t('Deployment History'));
  if (app === undefined) return;
  const title = titleOf(boxes, app);
  const actions = await itemActions();
  const table = {
    iconPath: new vscode.ThemeIcon('table'),
    tooltip: vscode.l10n.t('Open as Table'),
  };
  const chosen = await pickDeployments<Item>(fleet, boxes, {
    title,
    placeHolder: vscode.l10n.t('Enter opens the log'),
    app: app ?? undefined,
    limit: 200,
    items: (found) =>
      newestFirst(found).map((of) => ({ ...deploymentItem(of), buttons: actions.buttons, of })),
    buttons: [table],
    pressed(button, item, found) {
      if (button === table) void parts.historyDocuments.show(title, historyText(found));
      if (item !== undefined) actions.run(button, item.of);
    },
  });
  if (chosen !== undefined) await openLog(chosen.of);
}

async function chooseEnvironment(
  all: readonly FleetBox[],
  target: LogTarget,
): Promise<FleetBox[] | undefined> {
  const boxes = all.filter((box) => isMeant(box, target));
  const environments = [...new Set(boxes.map(({ environment }) => environment))];
  if (environments.length === 0) {
    const message = vscode.l10n.t('Strata: no manifest of this workspace names such boxes.');
    void vscode.window.showInformationMessage(message);
  }
  if (environments.length < 2) return environments.length === 0 ? undefined : boxes;
  const of = (environment: string) => boxes.filter((box) => box.environment === environment);
  const items = environments.map((label) => {
    return {
      label,
      description: of(label)
        .map(({ name }) => name)
        .join(', '),
    };
  });
  const title = vscode.l10n.t('Deployment History');
  const placeHolder = vscode.l10n.t('The environment');
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
  return chosen && of(chosen.label);
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

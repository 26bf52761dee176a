import * as vscode from 'vscode';
import type { Fleet, FleetBox } from '../fleet/fleet.ts';
import { askDeployments, type BoxDeployments } from '../logs/askDeployments.ts';
import type { Answer, Frame } from '../rollout/input.ts';

interface Question<T extends vscode.QuickPickItem> extends Frame {
  placeholder: string;
  app: string | undefined;
  /** So many of each box at most. */
  limit: number;
  items(found: readonly BoxDeployments[]): readonly (T | vscode.QuickPickItem)[];
  buttons?: readonly vscode.QuickInputButton[];
  /** The pick stays open. */
  pressed?(button: vscode.QuickInputButton, item: T | undefined, found: readonly BoxDeployments[]): void;
}

/**
 * Lets a person choose among deployments, which are filled in as the boxes answer. Boxes that cannot be asked stand at the end, with the
 * reason. Where the person gives up or goes back, nobody is asked any more.
 */
export async function pickDeployments<T extends vscode.QuickPickItem>(
  fleet: Fleet,
  boxes: readonly FleetBox[],
  question: Question<T>,
): Promise<Answer<T>> {
  const stop = new AbortController();
  const found: BoxDeployments[] = [];
  const pick = vscode.window.createQuickPick<T | vscode.QuickPickItem>();
  pick.title = question.title;
  pick.placeholder = question.placeholder;
  if (question.of > 1) [pick.step, pick.totalSteps] = [question.step, question.of];
  [pick.matchOnDescription, pick.matchOnDetail, pick.busy] = [true, true, true];
  pick.ignoreFocusOut = true;
  const back = question.step > 1 ? [vscode.QuickInputButtons.Back] : [];
  pick.buttons = [...back, ...(question.buttons ?? [])];
  const fill = () => {
    const [active] = pick.activeItems;
    pick.items = [...question.items(found), ...faultItems(found)];
    // What the person is at stays what it is when more comes.
    const same = pick.items.find(
      (one) => one.label === active?.label && one.description === active.description,
    );
    if (same !== undefined) pick.activeItems = [same];
    pick.title = `${question.title}${progressText(found.length, boxes.length)}`;
  };
  fill();
  pick.show();
  const answers = askDeployments(fleet, boxes, question, stop.signal, (one) => {
    found.push(one);
    fill();
  }).finally(() => {
    pick.busy = false;
  });
  const chosen = answerOf(pick, question, found);
  try {
    // A failure that nobody foresaw is the command's.
    return await Promise.race([chosen, answers.then(() => chosen)]);
  } finally {
    stop.abort(new Error('nobody waits any more'));
    pick.dispose();
  }
}

function answerOf<T extends vscode.QuickPickItem>(
  pick: vscode.QuickPick<T | vscode.QuickPickItem>,
  { pressed }: Question<T>,
  found: readonly BoxDeployments[],
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item !== undefined && !isFault(item)) resolve({ value: item as T });
    });
    pick.onDidHide(() => resolve('cancelled'));
    pick.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) resolve('back');
      else pressed?.(button, undefined, found);
    });
    pick.onDidTriggerItemButton(({ button, item }) => pressed?.(button, item as T, found));
  });
}

function progressText(answered: number, all: number): string {
  return answered === all ? '' : ` ${vscode.l10n.t('({0} of {1} boxes)', answered, all)}`;
}

interface FaultItem extends vscode.QuickPickItem {
  isFault: true;
}

function isFault(item: vscode.QuickPickItem): item is FaultItem {
  return 'isFault' in item;
}

function faultItems(found: readonly BoxDeployments[]): vscode.QuickPickItem[] {
  const lost = found.filter(({ fault }) => fault !== undefined);
  if (lost.length === 0) return [];
  return [
    { label: vscode.l10n.t('could not be asked'), kind: vscode.QuickPickItemKind.Separator },
    ...lost.map(({ box, fault = '' }): FaultItem => {
      return { label: `$(warning) ${box.name}`, description: fault, alwaysShow: true, isFault: true };
    }),
  ];
}

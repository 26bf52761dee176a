import * as vscode from 'vscode';
import type { Fleet, FleetBox } from '../fleet/fleet.ts';
import type { LogTarget } from '../logs/target.ts';

/** The boxes that a command was called on; a person is asked which of them where it is not told. Nothing where they give up. */
export async function chooseBoxes(
  fleet: Fleet,
  target: LogTarget,
  title: string,
): Promise<FleetBox[] | undefined> {
  const boxes = (await fleet.load()).filter((box) => isMeant(box, target));
  if (boxes.length === 0) {
    const message =
      target.box === undefined
        ? vscode.l10n.t('Strata: no manifest of this workspace names such boxes.')
        : vscode.l10n.t('Strata: no manifest of this workspace names the box {0}.', target.box);
    void vscode.window.showInformationMessage(message);
    return undefined;
  }
  if (boxes.length === 1 || target.box !== undefined) return boxes.slice(0, 1);
  const chosen = await vscode.window.showQuickPick(boxItems(boxes), {
    title,
    placeHolder: vscode.l10n.t('One box, or several: their lines are merged by time'),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const picked = chosen?.flatMap(({ box }) => (box === undefined ? [] : [box]));
  return picked !== undefined && picked.length > 0 ? picked : undefined;
}

/** The boxes that are told, of which none has to be chosen. */
export function isMeant({ workspace, name, environment, apps }: FleetBox, target: LogTarget): boolean {
  return (
    workspace.root === (target.root ?? workspace.root) &&
    environment === (target.environment ?? environment) &&
    name === (target.box ?? name) &&
    (target.app === undefined || apps === null || apps.includes(target.app))
  );
}

interface BoxItem extends vscode.QuickPickItem {
  box?: FleetBox;
}

/** All are picked at first: most people want the log of all boxes. */
function boxItems(boxes: readonly FleetBox[]): BoxItem[] {
  const environments = [...new Set(boxes.map(({ environment }) => environment))];
  return environments.flatMap((environment) => [
    { label: environment, kind: vscode.QuickPickItemKind.Separator },
    ...boxes
      .filter((box) => box.environment === environment)
      .map((box) => ({
        label: box.name,
        description: [environment, box.cluster].filter((one) => one !== null).join('/'),
        detail: box.url,
        picked: environments.length === 1,
        box,
      })),
  ]);
}

/** The app that is meant: `null` for all. Nothing where the person gives up. */
export async function chooseApp(
  boxes: readonly FleetBox[],
  { app }: LogTarget,
  title: string,
): Promise<string | null | undefined> {
  if (app !== undefined) return app;
  const names = boxes.flatMap((box) => box.apps ?? box.workspace.apps.map(({ name }) => name));
  const apps = [...new Set(names)].sort();
  if (apps.length < 2) return apps[0] ?? null;
  const all = { label: vscode.l10n.t('$(list-flat) All apps'), app: null };
  const items = [all, ...apps.map((name) => ({ label: `$(package) ${name}`, app: name }))];
  const options = { title, placeHolder: vscode.l10n.t('The app'), ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.app;
}

import * as vscode from 'vscode';
import type { Fleet, FleetBox } from '../fleet/fleet.ts';
import type { LogTarget } from '../logs/target.ts';
import { type Answer, type Choice, type Frame, pickOne, pickSome } from '../rollout/input.ts';

/** The boxes that a command may be about; says so where there are none. */
export async function meantBoxes(fleet: Fleet, target: LogTarget): Promise<FleetBox[] | undefined> {
  const boxes = (await fleet.load()).filter((box) => isMeant(box, target));
  if (boxes.length > 0) return target.box === undefined ? boxes : boxes.slice(0, 1);
  const message =
    target.box === undefined
      ? vscode.l10n.t('Strata: no manifest of this workspace names such boxes.')
      : vscode.l10n.t('Strata: no manifest of this workspace names the box {0}.', target.box);
  void vscode.window.showInformationMessage(message);
  return undefined;
}

/** Asks which of them are meant. */
export async function askBoxes(frame: Frame, boxes: readonly FleetBox[]): Promise<Answer<FleetBox[]>> {
  const placeholder = vscode.l10n.t('One box, or several: their lines are merged by time');
  return await pickSome({ ...frame, placeholder, choices: () => boxItems(boxes) });
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

/** All are picked at first: most people want the log of all boxes. */
function boxItems(boxes: readonly FleetBox[]): Choice<FleetBox>[] {
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
        value: box,
      })),
  ]);
}

/** The apps that may be on boxes. */
export function appsOf(boxes: readonly FleetBox[]): string[] {
  const names = boxes.flatMap((box) => box.apps ?? box.workspace.apps.map(({ name }) => name));
  return [...new Set(names)].sort();
}

/** Asks for one of the apps that may be on boxes: `null` for all. */
export async function askApp(frame: Frame, boxes: readonly FleetBox[]): Promise<Answer<string | null>> {
  const all = { label: vscode.l10n.t('$(list-flat) All apps'), value: null };
  const apps = appsOf(boxes).map((name) => ({ label: `$(package) ${name}`, value: name }));
  return await pickOne<string | null>({
    ...{ ...frame, placeholder: vscode.l10n.t('Which app?') },
    choices: () => [all, ...apps],
  });
}

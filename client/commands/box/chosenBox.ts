import * as vscode from 'vscode';
import type { Fleet, FleetBox } from '../../fleet/fleet.ts';

interface Choice extends vscode.QuickPickItem {
  box?: FleetBox;
}

/**
 * The box that a command is about: that of the node it was called on, or the one a person chooses. Nothing where they choose none, or
 * there are none.
 */
export async function chosenBox(
  fleet: Fleet,
  node: unknown,
  question: { title: string; placeHolder: string },
): Promise<FleetBox | undefined> {
  const boxes = await fleet.load();
  const named = namedBox(boxes, node);
  if (named !== undefined) return named;
  if (boxes.length === 0) {
    tellNoBoxes();
    return undefined;
  }
  const options = { ...question, matchOnDescription: true };
  return (await vscode.window.showQuickPick(choices(boxes), options))?.box;
}

/** Says why a command that needs a box does nothing. */
export function tellNoBoxes(): void {
  const add = vscode.l10n.t('Add Box…');
  const text = vscode.l10n.t('Strata: no manifest of this workspace names a box yet.');
  void vscode.window.showInformationMessage(text, add).then((chosen) => {
    if (chosen === add) void vscode.commands.executeCommand('strata.addBox');
  });
}

/** Nodes are this extension's own, but commands can be called by anybody: a box counts only as the manifest has it. */
function namedBox(boxes: readonly FleetBox[], node: unknown): FleetBox | undefined {
  const { box = node } = (node ?? {}) as { box?: unknown };
  const { name, url } = (box ?? {}) as { name?: unknown; url?: unknown };
  const { root } = ((box ?? {}) as { workspace?: { root?: unknown } }).workspace ?? {};
  const isIt = (one: FleetBox) => one.name === name && one.url === url;
  return boxes.find((one) => isIt(one) && one.workspace.root === root) ?? boxes.find(isIt);
}

/** An entry a box, under a separator for each place. */
function choices(boxes: readonly FleetBox[]): Choice[] {
  const places = [...new Set(boxes.map(placeOf))];
  return places.flatMap((place) => [
    { label: place, kind: vscode.QuickPickItemKind.Separator },
    ...boxes
      .filter((box) => placeOf(box) === place)
      .map((box) => ({
        label: box.name,
        description: box.url,
        iconPath: new vscode.ThemeIcon('server'),
        box,
      })),
  ]);
}

function placeOf({ environment, cluster }: FleetBox): string {
  return cluster === null ? environment : `${environment}/${cluster}`;
}

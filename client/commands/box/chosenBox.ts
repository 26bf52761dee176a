import * as vscode from 'vscode';
import type { Fleet, FleetBox } from '../../fleet/fleet.ts';
import { wantsToken } from './rules.ts';

interface Choice extends vscode.QuickPickItem {
  box?: FleetBox;
}

/** What a command asks. */
interface Question {
  title: string;
  placeHolder: string;
  /** Why a command has nothing to do with a box, in words; such a box is not offered. */
  fault?(box: FleetBox): string | undefined;
}

/**
 * The box that a command is about: that of the node it was called on, or the one a person chooses. Nothing where they choose none, there
 * are none, or the command has nothing to do with it, which is said.
 */
export async function chosenBox(
  fleet: Fleet,
  node: unknown,
  { title, placeHolder, fault = () => undefined }: Question,
): Promise<FleetBox | undefined> {
  const boxes = await fleet.load();
  if (boxes.length === 0) {
    tellNoBoxes();
    return undefined;
  }
  const named = namedBox(boxes, node);
  const [first] = boxes;
  const offered = boxes.filter((box) => fault(box) === undefined);
  const about = named ?? (offered.length === 0 ? first : undefined);
  const why = about && fault(about);
  if (why !== undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Strata: {0}', why));
    return undefined;
  }
  if (named !== undefined) return named;
  const options = { title, placeHolder, matchOnDescription: true };
  return (await vscode.window.showQuickPick(choices(offered), options))?.box;
}

/** Why no token is kept for a box, in words. */
export function noTokenFault({ name, url }: FleetBox): string | undefined {
  if (wantsToken(url)) return undefined;
  return vscode.l10n.t('{0} needs no token: whoever may reach {1} is let in by the system.', name, url);
}

/** Why a box has no certificate, in words. */
export function noCertificateFault({ name, url }: FleetBox): string | undefined {
  if (/^https:/i.test(url)) return undefined;
  return vscode.l10n.t('{0} shows no certificate: only boxes with an address https://… do.', name);
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
export function namedBox(boxes: readonly FleetBox[], node: unknown): FleetBox | undefined {
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

import * as vscode from 'vscode';
import { boxesMethods, type RemoveBoxParams } from '../../../protocol/boxes.ts';
import type { Fleet, FleetBox } from '../../fleet/fleet.ts';
import type { Parts } from '../parts.ts';
import { applyEdit } from './applyEdit.ts';
import { chosenBox } from './chosenBox.ts';

/** **Strata: Remove Box…**: takes a box out of the manifest, and forgets its token and its certificate. The box itself is left alone. */
export async function removeBox({ server, fleet, log }: Parts, node?: unknown): Promise<void> {
  const box = await chosenBox(fleet, node, {
    title: vscode.l10n.t('Remove Box'),
    placeHolder: vscode.l10n.t('The box that the manifest is to name no more'),
    fault: noManifestFault,
  });
  if (box === undefined || !(await isMeant(box))) return;
  const params: RemoveBoxParams = { root: box.workspace.root, name: box.name };
  try {
    await applyEdit(server, boxesMethods.remove, params);
  } catch (error) {
    log.error(`The box ${box.name} could not be removed: ${error}`);
    const why = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(
      vscode.l10n.t('Strata: {0} could not be removed: {1}', box.name, why),
    );
    return;
  }
  await forget(fleet, box);
}

/** Why a manifest cannot forget a box, in words. */
function noManifestFault({ name, isLocal }: FleetBox): string | undefined {
  if (!isLocal) return undefined;
  return vscode.l10n.t('no manifest names {0}: “Strata: Stop Local Agent” takes it away.', name);
}

async function isMeant({ name, environment, url }: FleetBox): Promise<boolean> {
  const remove = vscode.l10n.t('Remove Box');
  const question = vscode.l10n.t('Remove the box {0} ({1}) from the manifest?', name, environment);
  const detail = vscode.l10n.t(
    'Its token is forgotten. The agent at {0} and what runs there are left alone.',
    url,
  );
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) === remove;
}

/** The certificate stays where another box has the same address. */
async function forget({ secrets, boxes }: Fleet, box: FleetBox): Promise<void> {
  await secrets.setToken(box, undefined);
  const isShared = boxes().some((one) => one.url === box.url && one.name !== box.name);
  if (!isShared) await secrets.setFingerprint(box, undefined);
}

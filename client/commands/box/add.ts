import * as vscode from 'vscode';
import { type AddBoxParams, boxesMethods } from '../../../protocol/boxes.ts';
import type { WorkspaceInfo } from '../../../protocol/workspaces.ts';
import type { Parts } from '../parts.ts';
import { applyEdit } from './applyEdit.ts';
import { askNewBox, type NewBox } from './newBox.ts';
import { tellHealth } from './tellHealth.ts';

/** **Strata: Add Box…**: writes a box into the manifest, keeps its token, and meets it. */
export async function addBox({ server, fleet, log }: Parts): Promise<void> {
  await fleet.load();
  const workspace = await chosenWorkspace(fleet.workspaces());
  const box = workspace && (await askNewBox(workspace));
  if (workspace === undefined || box === undefined) return;
  try {
    await applyEdit(server, boxesMethods.add, paramsOf(workspace, box));
  } catch (error) {
    log.error(`The box ${box.name} could not be added: ${error}`);
    const why = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('Strata: {0} could not be added: {1}', box.name, why));
    return;
  }
  const added = { ...box, apps: null, labels: {}, workspace };
  if (box.token !== undefined) await fleet.secrets.setToken(box, box.token);
  await tellHealth(fleet, added);
}

function paramsOf({ root }: WorkspaceInfo, { name, url, environment, cluster }: NewBox): AddBoxParams {
  return { root, box: { name, url, environment, cluster } };
}

async function chosenWorkspace(workspaces: readonly WorkspaceInfo[]): Promise<WorkspaceInfo | undefined> {
  if (workspaces.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Strata: there are no layers in this workspace yet.'),
    );
  }
  if (workspaces.length < 2) return workspaces[0];
  const items = workspaces.map((workspace) => {
    const { fsPath } = vscode.Uri.parse(workspace.manifest ?? workspace.root);
    return { label: vscode.workspace.asRelativePath(fsPath), workspace };
  });
  const options = {
    title: vscode.l10n.t('Add Box'),
    placeHolder: vscode.l10n.t('The manifest that is to name it'),
  };
  return (await vscode.window.showQuickPick(items, options))?.workspace;
}

import * as vscode from 'vscode';
import { isObject, isText } from '../../../protocol/values.ts';
import type { WorkspaceInfo } from '../../../protocol/workspaces.ts';
import { activeFirst } from '../../build/activeFirst.ts';
import { buildableApps } from '../../build/tasks.ts';
import type { Fleet } from '../../fleet/fleet.ts';

interface Choice extends vscode.QuickPickItem {
  of: { workspace: WorkspaceInfo; app: string };
}

/** The app that a command was called for, where whoever called it names one. */
export function appNameOf(asked: unknown): string | undefined {
  return isObject(asked) && isText(asked.app) ? asked.app : undefined;
}

/** Lets a person choose an app that has a folder, the active file's first; a name that fits chooses by itself. */
export async function chooseApp(
  fleet: Fleet,
  title: string,
  name?: string,
): Promise<Choice['of'] | undefined> {
  await fleet.load();
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  const apps = activeFirst(buildableApps(fleet), active).filter(
    ({ app }) => name === undefined || app === name,
  );
  if (apps.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Strata: there is no app to build here.'));
    return undefined;
  }
  if (name !== undefined && apps.length === 1) return apps[0];
  const choices: Choice[] = apps.map(({ app, workspace, folder }) => ({
    label: app,
    description: vscode.workspace.asRelativePath(vscode.Uri.parse(folder)),
    of: { workspace, app },
  }));
  const placeHolder = vscode.l10n.t('App');
  // A page that opens just now may take the focus for a moment.
  const options = { title, placeHolder, matchOnDescription: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(choices, options))?.of;
}

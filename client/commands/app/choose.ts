import * as vscode from 'vscode';
import { isObject, isText } from '../../../protocol/values.ts';
import type { WorkspaceInfo } from '../../../protocol/workspaces.ts';
import { activeFirst } from '../../build/activeFirst.ts';
import { buildableApps } from '../../build/tasks.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { pickOne } from '../../rollout/input.ts';

/** An app that can be built. */
interface Buildable {
  workspace: WorkspaceInfo;
  app: string;
}

/** The app that a command was called for, where whoever called it names one. */
export function appNameOf(asked: unknown): string | undefined {
  return isObject(asked) && isText(asked.app) ? asked.app : undefined;
}

/** Lets a person choose an app that has a folder, the active file's first; a name that fits chooses by itself. */
export async function chooseApp(fleet: Fleet, title: string, name?: string): Promise<Buildable | undefined> {
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
  const choices = apps.map(({ app, workspace, folder }) => ({
    label: app,
    description: vscode.workspace.asRelativePath(vscode.Uri.parse(folder)),
    value: { workspace, app },
  }));
  const placeholder = vscode.l10n.t('Which app?');
  const answer = await pickOne<Buildable>({ title, step: 1, of: 1, placeholder, choices: () => choices });
  return typeof answer === 'object' ? answer.value : undefined;
}

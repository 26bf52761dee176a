import * as vscode from 'vscode';
import { isObject, isText } from '../../../protocol/values.ts';
import type { WorkspaceInfo } from '../../../protocol/workspaces.ts';
import { activeFirst } from '../../build/activeFirst.ts';
import { buildableApps } from '../../build/tasks.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { pickOne } from '../../rollout/input.ts';

/** An app that has a folder. */
interface ChosenApp {
  workspace: WorkspaceInfo;
  app: string;
}

/** The app that a command was called for, where whoever called it names one. */
export function appNameOf(asked: unknown): string | undefined {
  return isObject(asked) && isText(asked.app) ? asked.app : undefined;
}

/** The app in whose folder the active file lies. */
export async function appAtCursor(fleet: Fleet): Promise<ChosenApp | undefined> {
  await fleet.load();
  const active = activeFile();
  const [first] = activeFirst(buildableApps(fleet), active);
  return first !== undefined && active?.startsWith(`${first.folder}/`) ? first : undefined;
}

function activeFile(): string | undefined {
  return vscode.window.activeTextEditor?.document.uri.toString();
}

/**
 * Lets a person choose an app that has a folder, the active file's first; a name that fits chooses by itself.
 * @param none what they are told where there is no such app.
 */
export async function chooseApp(
  fleet: Fleet,
  title: string,
  { name, none }: { name: string | undefined; none: string },
): Promise<ChosenApp | undefined> {
  await fleet.load();
  const apps = activeFirst(buildableApps(fleet), activeFile()).filter(
    ({ app }) => name === undefined || app === name,
  );
  if (apps.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  if (name !== undefined && apps.length === 1) return apps[0];
  const choices = apps.map(({ app, workspace, folder }) => ({
    label: app,
    description: vscode.workspace.asRelativePath(vscode.Uri.parse(folder)),
    value: { workspace, app },
  }));
  const placeholder = vscode.l10n.t('Which app?');
  const answer = await pickOne<ChosenApp>({ title, step: 1, of: 1, placeholder, choices: () => choices });
  return typeof answer === 'object' ? answer.value : undefined;
}

import * as vscode from 'vscode';
import type { WorkspaceInfo } from '../../protocol/workspaces.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Builds } from './builds.ts';
import { type BuildDefinition, isBuildDefinition } from './definition.ts';

/** What a build is made of. */
export interface BuildPlace {
  fleet: Fleet;
  builds: Builds;
}

/** Offers a task for each app that has a folder, and gives the ones of `tasks.json` what they do. */
export function provideBuildTasks(place: BuildPlace): vscode.Disposable {
  return vscode.tasks.registerTaskProvider('strata', {
    async provideTasks() {
      if (!vscode.workspace.isTrusted) return [];
      await place.fleet.load();
      return buildableApps(place.fleet).map(({ workspace, app }) =>
        buildTask(place, workspace, { type: 'strata', app }),
      );
    },
    async resolveTask(task) {
      const { definition } = task;
      if (!vscode.workspace.isTrusted || !isBuildDefinition(definition)) return undefined;
      await place.fleet.load();
      const workspace = workspaceWith(place.fleet, definition.app, folderOf(task.scope));
      return workspace && buildTask(place, workspace, definition);
    },
  });
}

/** Every app that can be built. */
export function buildableApps(fleet: Fleet): { workspace: WorkspaceInfo; app: string; folder: string }[] {
  return fleet
    .workspaces()
    .flatMap((workspace) =>
      workspace.apps.flatMap(({ name: app, folder }) =>
        folder === null ? [] : [{ workspace, app, folder }],
      ),
    );
}

/** A task that builds an app. */
export function buildTask(
  { builds }: BuildPlace,
  workspace: WorkspaceInfo,
  definition: BuildDefinition,
): vscode.Task {
  const root = vscode.Uri.parse(workspace.root);
  const folder = vscode.workspace.getWorkspaceFolder(root);
  const request = { cli: builds.cli, root: root.fsPath, cwd: (folder?.uri ?? root).fsPath, definition };
  const task = new vscode.Task(
    // The very object: VS Code refuses a task that was resolved to another one.
    definition,
    folder ?? vscode.TaskScope.Workspace,
    vscode.l10n.t('build {0}', definition.app),
    'strata',
    new vscode.CustomExecution(async () => builds.terminal(request)),
    ['$strata'],
  );
  task.group = vscode.TaskGroup.Build;
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, clear: true };
  return task;
}

function folderOf(scope: vscode.Task['scope']): vscode.Uri | undefined {
  return typeof scope === 'object' ? scope.uri : undefined;
}

/** The workspace of an app; one inside of the folder that the task belongs to comes first. */
function workspaceWith(fleet: Fleet, app: string, folder: vscode.Uri | undefined): WorkspaceInfo | undefined {
  const having = buildableApps(fleet).filter((one) => one.app === app);
  const inside = having.find(
    ({ workspace }) => folder !== undefined && `${workspace.root}/`.startsWith(`${folder.toString()}/`),
  );
  return (inside ?? having[0])?.workspace;
}

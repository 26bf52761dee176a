import * as vscode from 'vscode';
import type { WorkspaceInfo } from '../../../protocol/workspaces.ts';
import type { BuildEnd } from '../../build/buildRun.ts';
import { type BuildDefinition, buildKey, isBuildDefinition } from '../../build/definition.ts';
import { failureText, isRefusedAsDirty, lastStep } from '../../build/result.ts';
import { buildTask } from '../../build/tasks.ts';
import { isTrusted } from '../../trust.ts';
import type { Parts } from '../parts.ts';
import { appNameOf, chooseApp } from './choose.ts';

/** **Strata: Build…**: builds an app as a task, and offers to deploy what comes of it. */
export async function build(parts: Parts, asked?: unknown): Promise<void> {
  if (!isTrusted()) return;
  const title = vscode.l10n.t('Build');
  const none = vscode.l10n.t('Strata: there is no app to build here.');
  const chosen = await chooseApp(parts.fleet, title, { name: appNameOf(asked), none });
  if (chosen === undefined) return;
  const given = isBuildDefinition(asked) ? asked : undefined;
  await buildAndTell(parts, chosen.workspace, { ...given, type: 'strata', app: chosen.app });
}

async function buildAndTell(
  parts: Parts,
  workspace: WorkspaceInfo,
  definition: BuildDefinition,
): Promise<void> {
  const end = await buildWithProgress(parts, workspace, definition);
  if (end === undefined) return;
  // Whoever called the command does not wait until a person has read what came of it.
  if (end.result?.built === true) void tellBuilt(end, workspace, definition);
  else void tellNotBuilt(parts, end, workspace, definition);
}

/** Runs the task; nothing where the same app is being built already. */
async function buildWithProgress(
  { builds, fleet }: Parts,
  workspace: WorkspaceInfo,
  definition: BuildDefinition,
): Promise<BuildEnd | undefined> {
  const { app } = definition;
  const task = buildTask({ builds, fleet }, workspace, definition);
  const key = buildKey(vscode.Uri.parse(workspace.root).fsPath, definition);
  if (builds.isRunning(key)) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Strata: {0} is being built already.', app));
    return undefined;
  }
  const title = vscode.l10n.t('Building {0}', app);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const stop = token.onCancellationRequested(() => {
      progress.report({ message: vscode.l10n.t('stopping') });
      builds.stop(key);
    });
    const end = new Promise<BuildEnd>((resolve) => {
      const listening = builds.onNews((news) => {
        if (news.key !== key) return;
        if (news.step !== undefined) progress.report({ message: news.step });
        if (news.end === undefined) return;
        listening.dispose();
        resolve(news.end);
      });
    });
    await vscode.tasks.executeTask(task);
    return await end.finally(() => stop.dispose());
  });
}

async function tellBuilt(
  { result }: BuildEnd,
  workspace: WorkspaceInfo,
  { app }: BuildDefinition,
): Promise<void> {
  const { version, channel } = result ?? {};
  const deploy = vscode.l10n.t('Deploy…');
  const showLog = vscode.l10n.t('Show Log');
  const offered = [...((await canDeploy()) ? [deploy] : []), showLog];
  const message = vscode.l10n.t('{0} {1} is built.', app, version ?? '');
  const chosen = await vscode.window.showInformationMessage(message, ...offered);
  const target = {
    app,
    root: workspace.root,
    ...(version ? { version } : {}),
    ...(channel ? { channel } : {}),
  };
  if (chosen === deploy) await vscode.commands.executeCommand('strata.deploy', target);
  if (chosen === showLog) await openLog(result);
}

async function tellNotBuilt(
  parts: Parts,
  { code, result }: BuildEnd,
  workspace: WorkspaceInfo,
  definition: BuildDefinition,
): Promise<void> {
  const { app } = definition;
  if (code === 130) {
    void vscode.window.showInformationMessage(vscode.l10n.t('The build of {0} was stopped.', app));
    return;
  }
  const showLog = vscode.l10n.t('Show Log');
  const anyway = vscode.l10n.t('Build Anyway');
  const why = (result && failureText(result)) ?? vscode.l10n.t('its terminal tells why');
  const offered = result !== undefined && isRefusedAsDirty(result) ? [anyway, showLog] : [showLog];
  const message = vscode.l10n.t('{0} was not built: {1}', app, why);
  const chosen = await vscode.window.showErrorMessage(message, ...offered);
  if (chosen === anyway) await buildAndTell(parts, workspace, { ...definition, allowDirty: true });
  if (chosen === showLog) await openLog(result);
}

/** The log of the last step; where no step began, the terminals, of which the build's is the last. */
async function openLog(result: BuildEnd['result']): Promise<void> {
  const step = result && lastStep(result);
  const log = result?.logs === undefined || step === undefined ? undefined : `${result.logs}/${step}.log`;
  if (log === undefined) await vscode.commands.executeCommand('workbench.action.terminal.focus');
  else await vscode.window.showTextDocument(vscode.Uri.file(log));
}

async function canDeploy(): Promise<boolean> {
  return (await vscode.commands.getCommands(true)).includes('strata.deploy');
}

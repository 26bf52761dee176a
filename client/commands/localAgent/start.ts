import * as vscode from 'vscode';
import type { EnvironmentInfo, WorkspaceInfo } from '../../../protocol/workspaces.ts';
import type { FleetBox } from '../../fleet/fleet.ts';
import type { LocalChoice } from '../../localAgent/choice.ts';
import type { LocalAgent } from '../../localAgent/localAgent.ts';
import { missingForAgent } from '../../localAgent/missing.ts';
import { type Choice, pickOne } from '../../rollout/input.ts';
import { isTrusted } from '../../trust.ts';
import { namedBox } from '../box/chosenBox.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Start Local Agent**: a box on this machine, to deploy to. */
export async function startLocalAgent({ fleet, localAgent, log }: Parts, node?: unknown): Promise<void> {
  if (!isTrusted() || !canRun()) return;
  if (localAgent.running() !== undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Strata: the local agent runs already.'));
    return;
  }
  const before = namedBox(await fleet.load(), node);
  const workspace = before?.workspace ?? (await chooseWorkspace(fleet.workspaces()));
  const choice = workspace && (before?.isLocal ? choiceOf(before) : await choose(workspace));
  if (workspace === undefined || choice === undefined) return;
  try {
    if (!(await startWithProgress(localAgent, workspace, choice))) return;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.error(`The local agent did not start: ${why}`);
    void tellNotStarted(localAgent, why);
    return;
  }
  void tellRunning(choice);
}

/** @returns whether it runs: not where a person cancelled it. */
async function startWithProgress(
  localAgent: LocalAgent,
  workspace: WorkspaceInfo,
  choice: LocalChoice,
): Promise<boolean> {
  const title = vscode.l10n.t('Starting the local agent');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => {
      progress.report({ message: vscode.l10n.t('stopping') });
      stop.abort();
    });
    return await localAgent.start(workspace, choice, stop.signal);
  });
}

/** One that ended by itself is started for what it was before. */
function choiceOf({ workspace, environment, cluster }: FleetBox): LocalChoice {
  return { root: workspace.root, environment, cluster };
}

async function tellNotStarted(localAgent: LocalAgent, why: string): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const message = vscode.l10n.t('Strata: the local agent could not be started: {0}', why);
  if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) localAgent.showLog();
}

function canRun(): boolean {
  const missing = missingForAgent(process.platform, process.env);
  if (missing === undefined) return true;
  const message =
    missing === 'linux'
      ? vscode.l10n.t('Strata: agents run on Linux only. Open the folder in a container, WSL or over SSH.')
      : vscode.l10n.t('Strata: the agent needs the command flock: install util-linux.');
  void vscode.window.showErrorMessage(message);
  return false;
}

async function chooseWorkspace(workspaces: readonly WorkspaceInfo[]): Promise<WorkspaceInfo | undefined> {
  const [first, ...others] = workspaces;
  if (first === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Strata: there is no workspace to deploy from.'));
    return undefined;
  }
  if (others.length === 0) return first;
  const choices = workspaces.map((workspace) => ({
    label: vscode.workspace.asRelativePath(vscode.Uri.parse(workspace.root)),
    value: workspace,
  }));
  return await chosen(vscode.l10n.t('Which workspace?'), choices);
}

/** The environment of the setting where there is one; else a person chooses. */
async function choose({ root, environments }: WorkspaceInfo): Promise<LocalChoice | undefined> {
  const wanted = vscode.workspace
    .getConfiguration('strata', vscode.Uri.parse(root))
    .get<string>('localAgent.environment', 'local');
  const places = environments.flatMap(placesOf);
  const [only] = places.filter(({ environment }) => environment === wanted);
  if (only !== undefined) return { root, environment: only.environment, cluster: only.cluster };
  const choices = places.map((value) => ({ label: value.label, value }));
  const place = await chosen(vscode.l10n.t('The environment that it is a box of'), choices);
  return place && { root, environment: place.environment, cluster: place.cluster };
}

async function chosen<T>(placeholder: string, choices: Choice<T>[]): Promise<T | undefined> {
  const title = vscode.l10n.t('Start Local Agent');
  const answer = await pickOne<T>({ title, step: 1, of: 1, placeholder, choices: () => choices });
  return typeof answer === 'object' ? answer.value : undefined;
}

interface Place {
  environment: string;
  cluster: string | null;
  label: string;
}

function placesOf({ name, clusters }: EnvironmentInfo): Place[] {
  if (clusters.length === 0) return [{ environment: name, cluster: null, label: name }];
  return clusters.map((cluster) => ({ environment: name, cluster, label: `${name}/${cluster}` }));
}

async function tellRunning({ environment }: LocalChoice): Promise<void> {
  const deploy = vscode.l10n.t('Deploy…');
  const stop = vscode.l10n.t('Stop');
  const message = vscode.l10n.t('The local agent runs, as a box of {0}.', environment);
  const hasDeploy = (await vscode.commands.getCommands(true)).includes('strata.deploy');
  const chosen = await vscode.window.showInformationMessage(message, ...(hasDeploy ? [deploy] : []), stop);
  if (chosen === deploy) await vscode.commands.executeCommand('strata.deploy');
  if (chosen === stop) await vscode.commands.executeCommand('strata.stopLocalAgent');
}

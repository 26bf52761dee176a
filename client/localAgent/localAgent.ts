import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { WorkspaceInfo } from '../../protocol/workspaces.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type AgentProcess, startAgentProcess } from './agentProcess.ts';
import { isLocalChoice, type LocalChoice } from './choice.ts';
import { restarts } from './restarts.ts';

/** The agent that runs on this machine for one of the open workspaces. */
export interface LocalAgent extends vscode.Disposable {
  /** What it was started for, or is being started for; nothing while it does not run. */
  running(): LocalChoice | undefined;
  /**
   * Starts it and adds its box to the fleet. Throws with words where it does not start.
   * @returns whether it runs: not where somebody stops it meanwhile, or `signal` does.
   */
  start(workspace: WorkspaceInfo, choice: LocalChoice, signal?: AbortSignal): Promise<boolean>;
  /** Ends it, when what runs can be taken up again. */
  stop(): Promise<void>;
  /** Starts the one that ran when the window was closed. */
  resume(): Promise<void>;
  showLog(): void;
}

const stateKey = 'strata.localAgent';

/** What runs, from `startAgentProcess` on. */
interface Running {
  choice: LocalChoice;
  process: AgentProcess;
}

export function openLocalAgent(extension: vscode.ExtensionContext, fleet: Fleet): LocalAgent {
  const log = vscode.window.createOutputChannel(vscode.l10n.t('Strata Local Agent'), { log: true });
  const bundle = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'agent.js').fsPath;
  const mayRestart = restarts();
  let running: Running | undefined;
  const starts = startsOf(log);
  const box = boxInFleet(fleet);
  const become = (now: Running | undefined) => {
    running = now;
    void vscode.commands.executeCommand('setContext', 'strata.localAgentRuns', now !== undefined);
  };

  const start: LocalAgent['start'] = (workspace, choice, signal) =>
    starts.begin(choice, signal, (stopped) => startNow(workspace, choice, stopped));

  const startNow = async (
    workspace: WorkspaceInfo,
    choice: LocalChoice,
    signal: AbortSignal,
  ): Promise<void> => {
    const folder = folderOf(extension, choice.root);
    log.info(`An agent starts for ${choice.environment}, in ${folder}.`);
    const purpose = purposeOf(workspace, choice);
    const process = await startAgentProcess({ bundle, folder }, purpose, (line) => log.info(line), signal);
    const mine = { choice, process };
    become(mine);
    box.show(workspace, choice, process.url);
    void extension.workspaceState.update(stateKey, choice);
    void process.ended.then((end) => {
      if (running !== mine) return;
      log.error(`The agent ended unexpectedly, with ${end.code ?? 'a signal'}.`);
      const why = end.code === null ? vscode.l10n.t('it is killed again and again') : end.lastLine;
      void endedByItself(choice, workspace, why);
    });
  };

  const endedByItself = async (choice: LocalChoice, workspace: WorkspaceInfo, why: string): Promise<void> => {
    become(undefined);
    if (!mayRestart(Date.now())) return void tellEnded(log, why);
    await start(workspace, choice).catch((error: Error) => tellEnded(log, error.message));
  };

  const stop = async (): Promise<void> => {
    const was = running;
    starts.stop();
    await extension.workspaceState.update(stateKey, undefined);
    box.hide();
    if (was === undefined) return;
    become(undefined);
    await was.process.stop();
    log.info('The agent has ended.');
  };

  return {
    running: () => running?.choice ?? starts.choice(),
    start,
    stop,
    async resume() {
      const choice: unknown = extension.workspaceState.get(stateKey);
      if (!isLocalChoice(choice) || !vscode.workspace.isTrusted || running !== undefined) return;
      await fleet.load();
      const workspace = fleet.workspaces().find(({ root }) => root === choice.root);
      if (workspace === undefined) return;
      await start(workspace, choice).catch((error: Error) => tellEnded(log, error.message));
    },
    showLog: () => log.show(),
    dispose() {
      // The next window starts it again: the one that ends now is not waited for, and takes no more deployments.
      const was = running;
      running = undefined;
      starts.stop();
      void was?.process.stop();
      log.dispose();
    },
  };
}

/** Starts that can be given up, also by somebody else than who began them. */
function startsOf(log: vscode.LogOutputChannel) {
  let current: { choice: LocalChoice; stopping: AbortController } | undefined;
  return {
    choice: () => current?.choice,
    stop: () => current?.stopping.abort(),
    /** @returns whether it was not given up. */
    async begin(
      choice: LocalChoice,
      signal: AbortSignal | undefined,
      start: (signal: AbortSignal) => Promise<void>,
    ): Promise<boolean> {
      const mine = { choice, stopping: new AbortController() };
      current = mine;
      const stopped = AbortSignal.any([mine.stopping.signal, ...(signal === undefined ? [] : [signal])]);
      try {
        await start(stopped);
        return true;
      } catch (error) {
        if (!stopped.aborted) throw error;
        log.info('The agent was stopped while it started.');
        return false;
      } finally {
        if (current === mine) current = undefined;
      }
    },
  };
}

/** The box that stands for the agent. One that ended by itself stays in sight, as a box that cannot be reached. */
function boxInFleet(fleet: Fleet) {
  let shown: vscode.Disposable | undefined;
  const hide = () => {
    shown?.dispose();
    shown = undefined;
  };
  return {
    hide,
    show(workspace: WorkspaceInfo, choice: LocalChoice, url: string) {
      // Added anew, it is asked at once.
      hide();
      shown = fleet.add(choice.root, boxOf(workspace, choice, url));
    },
  };
}

function purposeOf({ configs, artifacts }: WorkspaceInfo, { root, environment, cluster }: LocalChoice) {
  const pathOf = (address: string) => vscode.Uri.parse(address).fsPath;
  return { root: pathOf(root), environment, cluster, configs: configs.map(pathOf), artifacts };
}

/** Each workspace of a window has a folder of its own in the storage that VS Code keeps for the window's folders. */
function folderOf(extension: vscode.ExtensionContext, root: string): string {
  const { storageUri } = extension;
  if (storageUri === undefined) throw new Error(vscode.l10n.t('a folder has to be open'));
  const name = createHash('sha256').update(root).digest('hex').slice(0, 8);
  return vscode.Uri.joinPath(storageUri, 'agent', name).fsPath;
}

/** The first of `local`, `local-2` … that the manifest does not have. */
function boxOf(workspace: WorkspaceInfo, { environment, cluster }: LocalChoice, url: string) {
  const taken = new Set(workspace.boxes.map(({ name }) => name));
  let name = 'local';
  for (let number = 2; taken.has(name); number++) name = `local-${number}`;
  return { name, url, environment, cluster, apps: null, labels: {} };
}

async function tellEnded(log: vscode.LogOutputChannel, why: string): Promise<void> {
  const start = vscode.l10n.t('Start Local Agent');
  const showLog = vscode.l10n.t('Show Log');
  const message = vscode.l10n.t('Strata: the local agent does not run: {0}', why);
  const chosen = await vscode.window.showErrorMessage(message, start, showLog);
  if (chosen === start) await vscode.commands.executeCommand('strata.startLocalAgent');
  if (chosen === showLog) log.show();
}

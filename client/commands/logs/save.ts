import path from 'node:path';
import * as vscode from 'vscode';
import type { Fleet, FleetBox } from '../../fleet/fleet.ts';
import { lazyAgent } from '../../logs/lazyAgent.ts';
import { boxOf, type ShownDeployment } from '../../logs/openTail.ts';
import { boxLabels } from '../../logs/question.ts';
import { saveLog } from '../../logs/saveLog.ts';
import { readTarget } from '../../logs/target.ts';
import { isTrusted } from '../../trust.ts';
import { isMeant } from '../boxChoice.ts';
import type { Parts } from '../parts.ts';

/**
 * **Strata: Save Log As…**: the whole log of the deployments that a tail shows, or of the one that is told (`LogTarget`), fetched anew from
 * the agents. The file's ending says whether lines of JSON are written.
 * @param target where to; a person is asked where it is not told.
 */
export async function saveLogAs(
  { fleet, tails, log }: Parts,
  node: unknown,
  target: unknown,
): Promise<vscode.Uri | undefined> {
  if (!isTrusted()) return undefined;
  const deployments = await deploymentsOf(fleet, tails, node);
  if (deployments === undefined) return undefined;
  const uri = target instanceof vscode.Uri ? target : await askWhere(deployments);
  if (uri === undefined) return undefined;
  try {
    const isRunning = await save(fleet, deployments, uri);
    if (isRunning === undefined) return undefined;
    void tellSaved(uri, isRunning);
    return uri;
  } catch (error) {
    void tellFailed(log, error);
    return undefined;
  }
}

async function deploymentsOf(
  fleet: Fleet,
  tails: Parts['tails'],
  node: unknown,
): Promise<ShownDeployment[] | undefined> {
  const { deployment: id, ...target } = readTarget(node);
  if (id !== undefined) {
    const [box] = (await fleet.load()).filter((one) => isMeant(one, target));
    if (box !== undefined) return [shown(box, id, target.app ?? '')];
  }
  const all = tails.current()?.deployments() ?? [];
  if (all.length === 0) {
    const message = vscode.l10n.t('Strata: no log is open, or there is nothing in it yet.');
    void vscode.window.showInformationMessage(message);
    return undefined;
  }
  if (all.length === 1) return all;
  const items = all.reverse().map((one) => {
    return {
      label: `${one.app} ${one.version}`,
      description: `${one.box.name} · ${one.id}`,
      picked: true,
      one,
    };
  });
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Save Log As'),
    placeHolder: vscode.l10n.t('The deployments whose logs are saved'),
    canPickMany: true,
  });
  return chosen === undefined || chosen.length === 0 ? undefined : chosen.map(({ one }) => one);
}

function shown({ name, workspace: { root } }: FleetBox, id: string, app: string): ShownDeployment {
  return { box: { root, name }, id, app, version: '' };
}

async function askWhere([first]: readonly ShownDeployment[]): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const words = [first?.app, first?.version, first?.box.name].filter((word) => word);
  const name = `${words.join('-').replace(/[^\w.-]+/g, '_') || 'deployment'}.strata-log`;
  return await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Log As'),
    filters: { [vscode.l10n.t('Deploy Log')]: ['strata-log'], [vscode.l10n.t('Lines of JSON')]: ['ndjson'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
}

/** @returns whether a deployment runs on; nothing where it was given up. */
async function save(
  fleet: Fleet,
  deployments: readonly ShownDeployment[],
  uri: vscode.Uri,
): Promise<boolean | undefined> {
  const title = vscode.l10n.t('Strata: saving {0}', path.posix.basename(uri.path));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort(new Error('saving was given up')));
    const labels = boxLabels(deployments.map(({ box }) => box).filter(isFirst));
    const names = deployments.map(({ box }) => box).filter(isFirst);
    const agents = names.map((box, at) =>
      lazyAgent(labels[at] ?? box.name, async () => await fleet.agent(await boxOf(fleet, box))),
    );
    const agentOf = ({ box }: ShownDeployment) =>
      agents[names.findIndex(({ root, name }) => root === box.root && name === box.name)];
    let told = 0;
    try {
      const saved = await saveLog(
        uri.fsPath,
        deployments.flatMap((one) => {
          const agent = agentOf(one);
          return agent === undefined ? [] : [{ agent, id: one.id }];
        }),
        {
          isJson: /\.(ndjson|jsonl|json)$/i.test(uri.path),
          signal: stop.signal,
          progress(part) {
            progress.report({ increment: (part - told) * 100, message: `${Math.round(part * 100)} %` });
            told = part;
          },
        },
      );
      return saved.some(({ result }) => result === null);
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      throw error;
    }
  });
}

function isFirst<T extends { root: string; name: string }>(one: T, at: number, all: readonly T[]): boolean {
  return all.findIndex(({ root, name }) => root === one.root && name === one.name) === at;
}

async function tellSaved(uri: vscode.Uri, isRunning: boolean): Promise<void> {
  const open = vscode.l10n.t('Open');
  const name = path.posix.basename(uri.path);
  const message = isRunning
    ? vscode.l10n.t('Strata: {0} is saved up to now: the deployment runs on.', name)
    : vscode.l10n.t('Strata: {0} is saved.', name);
  if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  await vscode.window.showTextDocument(uri);
}

async function tellFailed(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  const why = error instanceof Error ? error.message : String(error);
  log.error(`A log could not be saved: ${why}`);
  const showLog = vscode.l10n.t('Show Log');
  const message = vscode.l10n.t('Strata: the log could not be saved: {0}', why);
  if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) log.show();
}

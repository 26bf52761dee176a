import * as vscode from 'vscode';
import type { Rollout } from '../../remote/rollout/record.ts';
import { RecordError } from '../../remote/rollout/run.ts';
import type { Ways } from './deployments.ts';
import type { RolloutParts } from './parts.ts';
import { possible, viewState } from './rows.ts';
import { summaryOf, titleOf } from './words.ts';

/** Runs a rollout to its end, or until nobody waits any longer, with its panel and a notification. Never throws. */
export async function supervise(
  parts: RolloutParts,
  rollout: Rollout,
  ways: Ways,
  isShown = true,
): Promise<void> {
  const { deployments, panels, log } = parts;
  log.info(`${rollout.action} ${rollout.app} in ${rollout.environment}: rollout ${rollout.id}`);
  const running = deployments.run(rollout, ways);
  if (isShown) panels.show(rollout.id);
  try {
    const ended = running.catch(() => undefined);
    await showProgress(parts, rollout, ended);
    tellEnd(parts, await running);
  } catch (error) {
    const { message, stack } = error as Error;
    log.error(error instanceof RecordError ? message : `the rollout ${rollout.id} failed: ${stack}`);
    void vscode.window.showErrorMessage(vscode.l10n.t('Strata: nothing was begun: {0}', message));
  }
}

/** A notification while it runs, with Cancel; once it is stopped, one with which nobody waits any longer. */
async function showProgress(parts: RolloutParts, rollout: Rollout, ended: Promise<unknown>): Promise<void> {
  const { deployments } = parts;
  const { id } = rollout;
  const stopping = new Promise<void>((resolve) => {
    const listening = deployments.onDidChange(() => {
      if (deployments.watched(id)?.state === 'stopping') resolve();
    });
    void ended.then(() => listening.dispose());
  });
  await notify(parts, id, titleOf(rollout), Promise.race([ended, stopping]), () => deployments.cancel(id));
  if (deployments.watched(id)?.state !== 'stopping') return;
  const title = vscode.l10n.t('Cancelling “{0}”: what is live already is taken back', titleOf(rollout));
  await notify(parts, id, title, ended, () => deployments.leave(id));
}

async function notify(
  { deployments }: RolloutParts,
  id: string,
  title: string,
  until: Promise<unknown>,
  cancel: () => void,
): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  // The buttons of a progress are those of VS Code alone.
  const links = [
    commandLink(vscode.l10n.t('Show Deployment'), 'strata.showDeployments', id),
    commandLink(vscode.l10n.t('Show Logs'), 'strata.showDeploymentLogs', id),
  ].join(' · ');
  await vscode.window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(cancel);
    const report = () => {
      const rollout = deployments.watched(id)?.rollout;
      progress.report({ message: `${rollout === undefined ? '' : summaryOf(rollout)} ${links}` });
    };
    report();
    const listening = deployments.onDidChange((changed) => {
      if (changed === id) report();
    });
    await until;
    listening.dispose();
  });
}

function commandLink(text: string, command: string, id: string): string {
  return `[${text}](command:${command}?${encodeURIComponent(JSON.stringify([id]))})`;
}

/** Says what came of it, with what may be next. */
function tellEnd({ deployments, panels }: RolloutParts, rollout: Rollout): void {
  const { id } = rollout;
  const watched = deployments.watched(id) ?? {
    ...{ rollout, stories: new Map(), away: new Map(), cancelling: new Set<string>() },
    state: 'idle' as const,
  };
  const can = possible(watched);
  const [show, retry] = [vscode.l10n.t('Show Deployment'), vscode.l10n.t('Retry Failed')];
  const back = vscode.l10n.t('Roll Back');
  const text = `${titleOf(rollout)}: ${summaryOf(rollout)}.`;
  const isGood = viewState(watched) === 'done';
  const offered = [show, ...(can.retry ? [retry] : []), ...(can.rollBack ? [back] : [])];
  const telling = isGood
    ? vscode.window.showInformationMessage(text, ...offered)
    : vscode.window.showWarningMessage(text, ...offered);
  void telling.then(async (chosen) => {
    if (chosen === show) panels.show(id);
    if (chosen === retry) await vscode.commands.executeCommand('strata.retryFailed', id);
    if (chosen === back) await vscode.commands.executeCommand('strata.revertDeployment', id);
  });
}

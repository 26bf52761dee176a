import * as vscode from 'vscode';
import type { DeploymentTexts } from '../../protocol/deploymentView.ts';
import { isBad, isGood, type Rollout } from '../../remote/rollout/record.ts';

/** What is done, in words: `Deploy shop 12 to qa`. */
export function titleOf({ action, app, environment, boxes }: Rollout): string {
  const versions = [...new Set(boxes.flatMap(({ version }) => version ?? []))].join(', ');
  return action === 'deploy'
    ? vscode.l10n.t('Deploy {0} {1} to {2}', app, versions, environment)
    : vscode.l10n.t('Roll {0} back to {1} in {2}', app, versions, environment);
}

export function boxesText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 box') : vscode.l10n.t('{0} boxes', count);
}

/** How far it is, or what came of it. */
export function summaryOf({ boxes }: Rollout): string {
  const ended = boxes.filter((one) => one.outcome !== null);
  const good = boxes.filter(isGood).length;
  const bad = boxes.filter(isBad).length;
  const other = ended.length - good - bad;
  return [
    vscode.l10n.t('{0} of {1} done', good, boxesText(boxes.length)),
    ...(bad === 0 ? [] : [vscode.l10n.t('{0} failed', bad)]),
    ...(other === 0 ? [] : [vscode.l10n.t('{0} not deployed', other)]),
  ].join(', ');
}

export function pageTexts(): DeploymentTexts {
  const t = vscode.l10n.t;
  return {
    ...{ box: t('Box'), version: t('Version'), result: t('Result'), time: t('Time'), canary: t('canary') },
    ...{ cancel: t('Cancel Deployment'), leave: t('Stop Waiting'), resume: t('Follow Again') },
    ...{ retry: t('Retry Failed'), rollBack: t('Roll Back'), logs: t('Show Logs') },
    log: t('Log of {0}', '{0}'),
    noLog: t('Nothing was told yet.'),
    cell: t('{0}, {1}: {2}', '{0}', '{1}', '{2}'),
    stages: {
      ...{ accepted: t('Accepted'), fetched: t('Fetched'), verified: t('Verified') },
      ...{ extracted: t('Unpacked'), prepared: t('Prepared'), committed: t('Committed') },
      ...{ activated: t('Live'), healthy: t('Healthy') },
      ...{ out: t('Out'), in: t('In') },
    },
    cells: {
      ...{ waiting: t('not yet'), running: t('running'), done: t('done'), failed: t('failed') },
      ...{ undone: t('taken back'), skipped: t('not come to'), unknown: t('not known') },
    },
    rows: {
      ...{ waiting: t('waiting'), running: t('running'), rolling_back: t('rolling back') },
      ...{ leaving: t('is taken out of its balancer'), returning: t('is put back') },
      ...{ cancelling: t('cancelling'), away: t('out of reach, goes on'), left: t('goes on by itself') },
      ...{ done: t('done'), no_change: t('no change'), failed: t('failed') },
      ...{ rolled_back: t('rolled back'), unknown: t('unknown'), refused: t('refused') },
      ...{ unreachable: t('unreachable'), cancelled: t('cancelled'), not_started: t('not started') },
    },
  };
}

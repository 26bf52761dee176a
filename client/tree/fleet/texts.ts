import * as vscode from 'vscode';
import type { AppStatus } from '../../../protocol/appStatus.ts';
import type { Deployment } from '../../../protocol/deployment.ts';
import { ageText } from './look.ts';

/** What stands behind an app: the live version and how long it has been live, and what is being done or did not go well. */
export function appDescription(status: AppStatus, now: number): string {
  const { live, since, running, last } = status;
  const version = live ?? vscode.l10n.t('nothing live');
  const age = since === null ? [] : [ageText(now - since)];
  const doing = last !== null && running === last.id ? [doingText(last)] : [];
  const ended = running === null && last !== null && last.result !== 'done' ? [endText(last, now)] : [];
  return [version, ...age, ...doing, ...ended].join(' · ');
}

/** All that is known of an app on a box. */
export function appTooltip(status: AppStatus, now: number): vscode.MarkdownString {
  const { app, live, since, previous, releases, last } = status;
  const time = (ms: number) => `${new Date(ms).toLocaleString()} (${ageText(now - ms)})`;
  const lines = [
    live === null
      ? vscode.l10n.t('Nothing is live.')
      : vscode.l10n.t('Live: {0}, since {1}', live, since === null ? '?' : time(since)),
    ...(previous === null ? [] : [vscode.l10n.t('Before: {0}', previous)]),
    ...(last === null ? [] : lastLines(last, now)),
    vscode.l10n.t('Releases on the box: {0}', releases.map(({ version }) => version).join(', ') || '–'),
  ];
  const text = new vscode.MarkdownString(`**${escaped(app)}**\n\n`);
  for (const line of lines) text.appendMarkdown(`${escaped(line)}  \n`);
  return text;
}

function lastLines(last: Deployment, now: number): string[] {
  const { version, user, created, updated, result, reason, id } = last;
  const took = vscode.l10n.t('{0} s', Math.round((updated - created) / 1000));
  const what = { what: actionText(last), version, user };
  return [
    result === null
      ? vscode.l10n.t('Now: {what} {version} by {user}', what)
      : vscode.l10n.t('Last: {what} {version} by {user}', what),
    result === null
      ? vscode.l10n.t('State: {0}', last.state)
      : vscode.l10n.t('Result: {0}, {1} ago, in {2}', result, ageText(now - updated), took),
    ...(reason === null ? [] : [reason.slice(0, 500)]),
    vscode.l10n.t('Deployment: {0}', id),
  ];
}

function actionText({ action }: Deployment): string {
  return action === 'rollback' ? vscode.l10n.t('rollback to') : vscode.l10n.t('deployment of');
}

/** `→ 28 prepared` */
function doingText({ version, state }: Deployment): string {
  return `→ ${version} ${state}`;
}

/** `28 failed 5 min ago` */
function endText({ version, state, result, updated }: Deployment, now: number): string {
  if (result === null) return vscode.l10n.t('{0} waits ({1})', version, state);
  const age = ageText(now - updated);
  if (result === 'failed') return vscode.l10n.t('{0} failed {1} ago', version, age);
  if (result === 'rolled_back') return vscode.l10n.t('{0} was rolled back {1} ago', version, age);
  return vscode.l10n.t('{0}: nobody knows how it ended, {1} ago', version, age);
}

/** Text of a box that is not to be read as markdown. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&').replace(/\r?\n/g, ' ');
}

import * as vscode from 'vscode';
import { isObject, isText } from '../../../protocol/values.ts';
import { carryOut } from '../../rollout/carryOut.ts';
import { type VersionChoice, versionChoices } from '../../rollout/choices.ts';
import { pickOne } from '../../rollout/input.ts';
import type { Parts } from '../parts.ts';
import { askWish } from './wish.ts';

/** Asks what to deploy and where, shows the plans, and does it. A version that is named already is not asked for. */
export async function deploy(parts: Parts, node?: unknown): Promise<void> {
  const named = isObject(node) && isText(node.version) ? node.version : undefined;
  // A version has its name in its channel alone.
  const namedChannel = isObject(node) && isText(node.channel) ? node.channel : undefined;
  const wish = await askWish<VersionChoice>(parts, node, {
    title: (app) => (app === undefined ? vscode.l10n.t('Deploy') : vscode.l10n.t('Deploy {0}', app)),
    known: named === undefined ? undefined : { version: named },
    async ask({ of }, live, place) {
      const channel = namedChannel ?? channelOf(of.workspace.root);
      return await pickOne({
        ...{ ...place, placeholder: vscode.l10n.t('Which version?') },
        choices: (signal) => versionChoices({ ...of, channel, command: parts.command }, live(), signal),
      });
    },
  });
  if (wish === undefined) return;
  const { of, environment, boxes, answer } = wish;
  const channel = namedChannel ?? channelOf(of.workspace.root);
  const version = answer === 'latest' ? {} : answer;
  const request = { app: of.app, ...(channel === 'master' ? {} : { channel }), ...version };
  await carryOut(parts.rollouts, {
    ...{ action: 'deploy', app: of.app, environment, workspace: of.workspace, of: null },
    ...{ boxes: boxes.map((box) => ({ box, request })), isLatest: answer === 'latest' },
  });
}

/** The channel of which versions are deployed. */
function channelOf(workspace: string): string {
  const settings = vscode.workspace.getConfiguration('strata.deploy', vscode.Uri.parse(workspace));
  const channel = settings.get<unknown>('channel');
  return isText(channel) && channel !== '' ? channel : 'master';
}

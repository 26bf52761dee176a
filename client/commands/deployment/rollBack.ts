import * as vscode from 'vscode';
import { isObject, isText } from '../../../protocol/values.ts';
import { carryOut } from '../../rollout/carryOut.ts';
import { releaseChoices, type VersionChoice } from '../../rollout/choices.ts';
import { pickOne } from '../../rollout/input.ts';
import type { Parts } from '../parts.ts';
import { askWish } from './wish.ts';

/** Asks what to roll back and where to, shows the plans, and does it. */
export async function rollBack(parts: Parts, node?: unknown): Promise<void> {
  const wish = await askWish<VersionChoice>(parts, node, {
    title: (app) => (app === undefined ? vscode.l10n.t('Roll Back') : vscode.l10n.t('Roll Back {0}', app)),
    known: releaseIn(node),
    ask: ({ boxes }, live, place) =>
      pickOne({
        ...{ ...place, placeholder: vscode.l10n.t('Which release?') },
        choices: async () => releaseChoices(boxes, await live()),
      }),
  });
  if (wish === undefined) return;
  const { of, environment, boxes, answer } = wish;
  const request = { app: of.app, rollback: true, ...(answer === 'latest' ? {} : answer) };
  await carryOut(parts.rollouts, {
    ...{ action: 'rollback', app: of.app, environment, workspace: of.workspace, of: null },
    ...{ boxes: boxes.map((box) => ({ box, request })), isLatest: false },
  });
}

/** The release that whoever called the command has chosen already: the history of deployments does. */
function releaseIn(node: unknown): VersionChoice | undefined {
  if (!isObject(node) || !isText(node.version)) return undefined;
  const { version, channel } = node;
  return { version, ...(isText(channel) ? { channel } : {}) };
}

import * as vscode from 'vscode';
import type { SlotPlace } from '../../../protocol/layers.ts';
import { type Choice, pickOne } from '../../rollout/input.ts';
import { tellNoContexts } from '../contextChoice.ts';
import { contextOf } from '../nodes.ts';
import type { Parts } from '../parts.ts';
import { makeFile } from './makeFile.ts';

/** **Strata: New Layer…**: offers the places of the order that have no file yet, and makes one. */
export async function newLayer({ context, requests, log }: Parts, node?: unknown): Promise<void> {
  const of = contextOf(node) ?? context.current().active;
  const slots = of && (await requests.slots(of));
  if (!of || !slots) return tellNoContexts();
  const answer = await pickOne({
    ...{ title: vscode.l10n.t('New Layer of {0}', of.app), step: 1, of: 1 },
    placeholder: vscode.l10n.t('Lowest first: what stands further down overrides what stands above'),
    choices: () => slots.filter(({ isThere }) => !isThere).map(choice),
  });
  if (typeof answer !== 'object') return;
  const { file, uri } = answer.value;
  const place = vscode.Uri.parse(uri);
  const why = await makeFile(place.fsPath);
  if (why === undefined) {
    await vscode.window.showTextDocument(place);
    return;
  }
  log.warn(`The layer ${place.fsPath} could not be made: ${why}`);
  void vscode.window.showErrorMessage(vscode.l10n.t('Strata: {0} could not be made: {1}', file, why));
}

function choice(place: SlotPlace): Choice<SlotPlace> {
  return { label: place.slot, description: place.file, detail: place.contexts.join(', '), value: place };
}

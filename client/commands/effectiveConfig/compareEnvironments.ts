import * as vscode from 'vscode';
import type { ContextName } from '../../../protocol/contexts.ts';
import { effectiveUri } from '../../effectiveDocuments.ts';
import { askInTurn, type Step } from '../../rollout/input.ts';
import { askContext } from '../contextChoice.ts';
import { contextOf } from '../nodes.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Compare Environments**: two effective configurations side by side. */
export async function compareEnvironments({ context }: Parts, node?: unknown): Promise<void> {
  const title = vscode.l10n.t('Compare Environments');
  const given = contextOf(node);
  const said: { left: ContextName | undefined; right?: ContextName } = { left: given };
  const askLeft: Step = async (step, of) => {
    const placeholder = vscode.l10n.t('The one to compare with another');
    const answer = await askContext(context, { title, step, of, placeholder });
    if (typeof answer === 'object') said.left = answer.value;
    return answer;
  };
  const askRight: Step = async (step, of) => {
    const { left } = said;
    const answer = await askContext(context, {
      ...{ title, step, of },
      placeholder: vscode.l10n.t('Compare {0} · {1} with', left?.app ?? '', left?.label ?? ''),
      without: (one) => one.app === left?.app && one.label === left.label,
    });
    if (typeof answer === 'object') said.right = answer.value;
    return answer;
  };
  if (!(await askInTurn(given === undefined ? [askLeft, askRight] : [askRight]))) return;
  const { left, right } = said;
  if (left === undefined || right === undefined) return;
  const name = `${left.app} ${left.label} ↔ ${right.app} ${right.label}`;
  await vscode.commands.executeCommand('vscode.diff', effectiveUri(left), effectiveUri(right), name);
}

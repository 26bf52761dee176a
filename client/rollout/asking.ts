import * as vscode from 'vscode';
import { batchSize } from '../../remote/rollout/batches.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import { askInTurn, askLine, pickOne } from './input.ts';
import { boxesText } from './words.ts';

/** How a person is asked whether something is done. Tests answer in their place, since VS Code shows them no dialogs. */
export interface Asking {
  /** A dialog in front of everything else. */
  confirm(text: string, detail: string, yes: string): Promise<boolean>;
  /** Asks for a name to be typed. */
  typeName(text: string, name: string): Promise<boolean>;
}

export function askingPeople(): Asking {
  return {
    async confirm(text, detail, yes) {
      return (await vscode.window.showWarningMessage(text, { modal: true, detail }, yes)) === yes;
    },
    async typeName(text, name) {
      const answer = await askLine({
        ...{ title: text, step: 1, of: 1, placeholder: name },
        prompt: vscode.l10n.t('{0} is protected: type its name to go on.', name),
        check: (value) => (value.trim() === name ? undefined : vscode.l10n.t('This is not “{0}”.', name)),
      });
      return typeof answer === 'object';
    },
  };
}

/** How careful a rollout is. */
export interface Limits {
  /** A number of boxes, or a part of them such as `25%`. */
  batch: string;
  maxFailures: number;
}

/** What the settings say. */
export function usualLimits(workspace: string): Limits {
  const settings = vscode.workspace.getConfiguration('strata.deploy', vscode.Uri.parse(workspace));
  const batch = String(settings.get<unknown>('batch', '1'));
  const maxFailures = Number(settings.get<unknown>('maxFailures', 0));
  return {
    batch: batchSize(batch, 1) === undefined ? '1' : batch,
    maxFailures: Number.isInteger(maxFailures) && maxFailures >= 0 ? maxFailures : 0,
  };
}

/** Asks how careful it should be; nothing where that is given up. */
export async function askLimits(title: string, usual: Limits): Promise<Limits | undefined> {
  const said = { ...usual };
  const isSaid = await askInTurn([
    async (step, of) => {
      const answer = await askLine({
        ...{ title, step, of, placeholder: '1', value: said.batch },
        prompt: vscode.l10n.t('How many boxes at a time? A number, or a part of them such as 25%.'),
        check: (value) =>
          batchSize(value, 1) === undefined
            ? vscode.l10n.t('It must be a number of boxes, or a part of them such as 25%.')
            : undefined,
      });
      if (typeof answer === 'object') said.batch = answer.value;
      return answer;
    },
    async (step, of) => {
      const answer = await askLine({
        ...{ title, step, of, placeholder: '0', value: String(said.maxFailures) },
        prompt: vscode.l10n.t('How many boxes may fail before no other is begun?'),
        check: (value) => (/^\d{1,6}$/.test(value) ? undefined : vscode.l10n.t('It must be a whole number.')),
      });
      if (typeof answer === 'object') said.maxFailures = Number(answer.value);
      return answer;
    },
  ]);
  return isSaid ? said : undefined;
}

/** What comes after a plan was read; it stays open while the plan is. */
export async function askWhatNext(
  title: string,
  action: Rollout['action'],
  count: number,
): Promise<'go' | 'options' | undefined> {
  const go =
    action === 'deploy'
      ? vscode.l10n.t('$(rocket) Deploy to {0}…', boxesText(count))
      : vscode.l10n.t('$(discard) Roll back {0}…', boxesText(count));
  const answer = await pickOne<'go' | 'options' | 'no'>({
    ...{
      title,
      step: 1,
      of: 1,
      placeholder: vscode.l10n.t('Read the plan; nothing is done before you say so'),
    },
    choices: () => [
      { label: go, value: 'go' },
      {
        label:
          action === 'deploy'
            ? vscode.l10n.t('$(settings-gear) Deploy With Options…')
            : vscode.l10n.t('$(settings-gear) Roll Back With Options…'),
        description: vscode.l10n.t('how many boxes at a time, how many may fail'),
        value: 'options',
      },
      { label: vscode.l10n.t('$(close) Do Nothing'), value: 'no' },
    ],
  });
  return typeof answer === 'object' && answer.value !== 'no' ? answer.value : undefined;
}

import * as vscode from 'vscode';
import type { ContextName } from '../../protocol/contexts.ts';
import type { ActiveContext } from '../activeContext.ts';
import { type Answer, type Choice, type Frame, pickOne } from '../rollout/input.ts';

/** What a person is asked. */
interface Question {
  title: string;
  placeholder: string;
  /** Contexts that make no sense as an answer. */
  without?: (one: ContextName) => boolean;
}

/** Lets a person choose one of the contexts; says so where there are none. */
export async function chooseContext(
  context: ActiveContext,
  question: Question,
): Promise<ContextName | undefined> {
  const answer = await askContext(context, { ...question, step: 1, of: 1 });
  return typeof answer === 'object' ? answer.value : undefined;
}

/** As one question of several. */
export async function askContext(
  context: ActiveContext,
  { without = () => false, ...question }: Question & Frame,
): Promise<Answer<ContextName>> {
  const { contexts, active } = context.current();
  if (contexts.length === 0) {
    tellNoContexts();
    return 'cancelled';
  }
  const offered = contexts.filter((one) => !without(one));
  return await pickOne({ ...question, choices: () => contextChoices(offered, active) });
}

/** Says why a command that needs a context does nothing. */
export function tellNoContexts(): void {
  const message = vscode.l10n.t('Strata: this workspace has no apps and environments yet.');
  void vscode.window.showInformationMessage(message);
}

/** One entry a context, under a separator for each app; the app of the active one comes first. */
function contextChoices(contexts: readonly ContextName[], active: ContextName | null): Choice<ContextName>[] {
  const apps = [...new Set(contexts.map((one) => one.app))];
  const ordered = apps.sort((a, b) => Number(b === active?.app) - Number(a === active?.app));
  return ordered.flatMap((app) => [
    { label: app, kind: vscode.QuickPickItemKind.Separator },
    ...contexts.filter((one) => one.app === app).map((one) => choice(one, active)),
  ]);
}

function choice(one: ContextName, active: ContextName | null): Choice<ContextName> {
  const isActive = one.app === active?.app && one.label === active.label;
  return { label: `${isActive ? '$(check) ' : ''}${one.label}`, description: one.app, value: one };
}

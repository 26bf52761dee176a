import * as vscode from 'vscode';
import type { ContextName } from '../../../protocol/contexts.ts';
import type { Parts } from '../parts.ts';

interface Choice extends vscode.QuickPickItem {
  context?: ContextName;
}

/** **Strata: Select Context**: the app, environment and cluster that hovers and commands are about. */
export async function selectContext({ context }: Parts): Promise<void> {
  const { contexts, active } = context.current();
  if (contexts.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Strata: this workspace has no apps and environments yet.'),
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(contextChoices(contexts, active), {
    title: vscode.l10n.t('Select Context'),
    placeHolder: vscode.l10n.t('App and environment to show effective values for'),
    matchOnDescription: true,
  });
  if (chosen?.context) await context.choose(chosen.context);
}

/** One entry a context, under a separator for each app; the app of the active one comes first. */
export function contextChoices(contexts: readonly ContextName[], active: ContextName | null): Choice[] {
  const apps = [...new Set(contexts.map((one) => one.app))];
  const ordered = apps.sort((a, b) => Number(b === active?.app) - Number(a === active?.app));
  return ordered.flatMap((app) => [
    { label: app, kind: vscode.QuickPickItemKind.Separator },
    ...contexts.filter((one) => one.app === app).map((one) => choice(one, active)),
  ]);
}

function choice(one: ContextName, active: ContextName | null): Choice {
  const isActive = one.app === active?.app && one.label === active.label;
  return { label: `${isActive ? '$(check) ' : ''}${one.label}`, description: one.app, context: one };
}

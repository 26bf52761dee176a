import * as vscode from 'vscode';
import type { ContextName } from '../../../protocol/contexts.ts';
import { renderArguments } from '../../build/renderArguments.ts';
import { buildableApps } from '../../build/tasks.ts';
import { runTool, type ToolAnswer } from '../../node/tool.ts';
import { isTrusted } from '../../trust.ts';
import { tellNoContexts } from '../contextChoice.ts';
import { contextOf } from '../nodes.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Render Configuration**: writes `configuration.json` into the app's folder, as `strata render --write` does. */
export async function renderConfiguration(parts: Parts, node?: unknown): Promise<void> {
  if (!isTrusted()) return;
  const of = contextOf(node) ?? parts.context.current().active;
  if (of === null) return tellNoContexts();
  await parts.fleet.load();
  const place = buildableApps(parts.fleet).find(({ app }) => app === of.app);
  if (place === undefined) {
    const message = vscode.l10n.t('Strata: {0} has no folder here to write into.', of.app);
    void vscode.window.showErrorMessage(message);
    return;
  }
  // What is written is made of what the disk has.
  await vscode.workspace.saveAll(false);
  const root = vscode.Uri.parse(place.workspace.root).fsPath;
  const answer = await rendered(parts, of, root);
  if (answer === undefined) return;
  const file = vscode.Uri.joinPath(vscode.Uri.parse(place.folder), 'configuration.json');
  if (answer.code === 0) await vscode.window.showTextDocument(file);
  else void tellProblems(parts, of, answer);
}

/** Runs the command; nothing where a person cancelled it. */
async function rendered({ builds }: Parts, of: ContextName, root: string): Promise<ToolAnswer | undefined> {
  const title = vscode.l10n.t('Rendering {0} for {1}', of.app, of.label);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (_, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const call = { file: builds.cli, args: renderArguments(of, root), cwd: root };
    const answer = await runTool(call, stop.signal);
    return stop.signal.aborted ? undefined : answer;
  });
}

async function tellProblems({ log }: Parts, of: ContextName, { stderr }: ToolAnswer): Promise<void> {
  const lines = stderr.trim().split('\n');
  for (const line of lines) log.error(line);
  const problems = vscode.l10n.t('Show Problems');
  const showLog = vscode.l10n.t('Show Log');
  const message = vscode.l10n.t('{0} has no configuration for {1}: {2}', of.app, of.label, lines[0] ?? '');
  const chosen = await vscode.window.showErrorMessage(message, problems, showLog);
  if (chosen === problems) await vscode.commands.executeCommand('workbench.actions.view.problems');
  if (chosen === showLog) log.show();
}

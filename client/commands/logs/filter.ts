import * as vscode from 'vscode';
import { filterOf, isLogFilter, type LogFilter, streams } from '../../logs/filter.ts';
import type { Parts } from '../parts.ts';

interface FilterItem extends vscode.QuickPickItem {
  stage?: string;
  stream?: string;
  areStates?: true;
}

/** **Strata: Filter Log…**: which stages and streams the tail shows, also of what it has received. Takes a `LogFilter`, or asks. */
export async function filterLog({ tails }: Parts, given: unknown): Promise<void> {
  const tail = tails.current();
  if (tail === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Strata: no log is open.'));
    return;
  }
  if (isLogFilter(given)) return await tail.setFilter(given);
  const now = tail.filter();
  const stages = [...new Set([...tail.stages(), ...(now.stages ?? [])])].sort();
  const picked = await vscode.window.showQuickPick(itemsOf(stages, now), {
    title: vscode.l10n.t('Filter Log'),
    placeHolder: vscode.l10n.t('What is shown'),
    canPickMany: true,
  });
  if (picked === undefined) return;
  await tail.setFilter(
    filterOf(
      {
        stages: picked.flatMap(({ stage }) => stage ?? []),
        streams: picked.flatMap(({ stream }) => stream ?? []),
        areStatesShown: picked.some(({ areStates }) => areStates),
      },
      stages,
    ),
  );
}

function itemsOf(stages: readonly string[], now: LogFilter): FilterItem[] {
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    separator(vscode.l10n.t('Streams')),
    ...streams.map((stream) => ({
      label: stream,
      description: streamText(stream),
      picked: now.streams?.includes(stream) ?? true,
      stream,
    })),
    {
      label: vscode.l10n.t('states'),
      description: vscode.l10n.t('states, health checks, and how it ended'),
      picked: now.areStatesShown,
      areStates: true,
    },
    ...(stages.length === 0 ? [] : [separator(vscode.l10n.t('Stages'))]),
    ...stages.map((stage) => ({ label: stage, picked: now.stages?.includes(stage) ?? true, stage })),
  ];
}

function streamText(stream: (typeof streams)[number]): string {
  if (stream === 'agent') return vscode.l10n.t('what the agent says');
  return vscode.l10n.t('what commands print');
}

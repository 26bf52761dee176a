// Deployments that tests begin, and what becomes of them.
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { StrataApi } from '../../client/extension.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import { until } from './workspace.ts';

/** `b1 done` */
export const outcomes = ({ boxes }: Rollout): string[] =>
  boxes.map(({ box, outcome }) => `${box} ${outcome}`);

export const latest = ({ rollouts }: StrataApi): Rollout | undefined => rollouts.deployments.list()[0];

/** Answers each question with its first entry until a rollout newer than the last one is there. */
export async function begun(api: StrataApi, run: () => Thenable<unknown>): Promise<Rollout> {
  const before = latest(api)?.id;
  const done = run();
  const rollout = await until(
    async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return latest(api);
    },
    (one) => one !== undefined && one.id !== before,
  );
  void done;
  assert.ok(rollout);
  return rollout;
}

export async function ended(api: StrataApi, { id }: Rollout): Promise<Rollout> {
  const { deployments } = api.rollouts;
  const watched = await until(
    async () => deployments.watched(id),
    (one) => one?.state === 'idle' && one.rollout.boxes.every(({ outcome }) => outcome !== null),
  );
  assert.ok(watched);
  return watched.rollout;
}

import * as vscode from 'vscode';
import { RemoteError, type RemoteFailure } from '../../remote/failure.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { type Again, isOver, retried, reverted } from '../../remote/rollout/again.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import type { Fleet, FleetBox } from '../fleet/fleet.ts';
import { balancersOf } from './balancers.ts';
import { carryOut } from './carryOut.ts';
import type { RolloutParts } from './parts.ts';
import { mayDeploy } from './refuse.ts';
import { supervise } from './supervise.ts';
import { titleOf } from './words.ts';

/** The boxes of a rollout that the manifest of an open workspace still names. */
export async function boxesOfRollout(fleet: Fleet, { workspace, boxes }: Rollout): Promise<FleetBox[]> {
  const all = await fleet.load();
  return boxes.flatMap(
    ({ box }) =>
      all.find((one) => one.name === box && vscode.Uri.parse(one.workspace.root).fsPath === workspace) ?? [],
  );
}

/** Deploys once more to the boxes of a rollout on which it did not end well. */
export async function retryFailed(parts: RolloutParts, of: Rollout): Promise<void> {
  await doAgain(parts, of, of.action, retried(of));
}

/** Gives the boxes of a rollout on which it ended well the version back that they had. */
export async function revert(parts: RolloutParts, of: Rollout): Promise<void> {
  await doAgain(parts, of, 'rollback', reverted(of).boxes);
}

async function doAgain(
  parts: RolloutParts,
  of: Rollout,
  action: Rollout['action'],
  again: readonly Again[],
): Promise<void> {
  if (!isOver(of)) {
    const text = vscode.l10n.t('Strata: “{0}” is not over yet.', titleOf(of));
    void vscode.window.showInformationMessage(text);
    return;
  }
  const boxes = await boxesOfRollout(parts.fleet, of);
  const wished = again.flatMap(({ box: name, request }) => {
    const box = boxes.find((one) => one.name === name);
    return box === undefined ? [] : [{ box, request }];
  });
  const [first] = wished;
  if (first === undefined) {
    const text = vscode.l10n.t('Strata: there is nothing to do for “{0}” in this workspace.', titleOf(of));
    void vscode.window.showInformationMessage(text);
    return;
  }
  const { workspace } = first.box;
  const { app, environment } = of;
  await carryOut(parts, { action, app, environment, workspace, boxes: wished, isLatest: false, of });
}

/** Follows a rollout again that somebody left. */
export async function resume(parts: RolloutParts, rollout: Rollout, isShown = true): Promise<void> {
  const { fleet, deployments, log } = parts;
  const boxes = await boxesOfRollout(fleet, rollout);
  const [first] = boxes;
  if (first !== undefined && !mayDeploy(first.workspace)) return;
  if (deployments.isFollowed(rollout.id)) return;
  try {
    const agents: RemoteAgent[] = await Promise.all(boxes.map((box) => fleet.agent(box)));
    await checkWelcome(rollout, agents);
    const balancers = balancersOf(boxes, rollout.app);
    await supervise(parts, rollout, { agents, balancers }, isShown);
  } catch (error) {
    const { message } = error as Error;
    log.error(`The rollout ${rollout.id} cannot be followed: ${message}`);
    const text = vscode.l10n.t('Strata: “{0}” cannot be followed: {1}', titleOf(rollout), message);
    void vscode.window.showErrorMessage(text);
  }
}

/** Throws where a box that deploys does not let us look: that says nothing of its deployment, which is not given up. */
async function checkWelcome({ boxes }: Rollout, agents: readonly RemoteAgent[]): Promise<void> {
  const { signal } = new AbortController();
  const checks = boxes.map(async ({ box, outcome, deployment }) => {
    const agent = agents.find((one) => one.box === box);
    if (outcome !== null || deployment === null || agent === undefined) return;
    try {
      await agent.deployment(deployment, signal);
    } catch (error) {
      if (error instanceof RemoteError && unwelcome.includes(error.code)) throw error;
    }
  });
  await Promise.all(checks);
}

const unwelcome: readonly RemoteFailure[] = ['unauthenticated', 'forbidden', 'untrusted'];

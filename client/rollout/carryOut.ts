import * as vscode from 'vscode';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import type { WorkspaceInfo } from '../../protocol/workspaces.ts';
import { RemoteError } from '../../remote/failure.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { batchSize } from '../../remote/rollout/batches.ts';
import { withBalancers } from '../../remote/rollout/leftOut.ts';
import {
  type AskedBox,
  type Hindrance,
  hindranceOf,
  type Looked,
  lookAtBoxes,
  wantedOf,
} from '../../remote/rollout/look.ts';
import { newRollout } from '../../remote/rollout/newRollout.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import type { FleetBox } from '../fleet/fleet.ts';
import { askLimits, askWhatNext, type Limits, usualLimits } from './asking.ts';
import { balancersOf, restingRollouts } from './balancers.ts';
import type { Deployments, Ways } from './deployments.ts';
import type { RolloutParts } from './parts.ts';
import { planDocument } from './planDocument.ts';
import { mayDeploy } from './refuse.ts';
import { isProtected } from './runsOn.ts';
import { supervise } from './supervise.ts';
import { boxesText, titleOf } from './words.ts';

/** What is wished for, and where. */
export interface Wish {
  action: Rollout['action'];
  app: string;
  environment: string;
  workspace: WorkspaceInfo;
  boxes: { box: FleetBox; request: DeploymentRequest }[];
  /** All boxes get one version, whichever is the latest now. */
  isLatest: boolean;
  /** The rollout that this one mends or takes back. */
  of: Rollout | null;
}

/** What boxes say of a wish, and how those are reached that can be. */
interface Seen {
  looked: Looked[];
  ways: Ways;
}

/** Plans what is wished for, shows it, asks, and does it. Resolves when all of it is over. */
export async function carryOut(parts: RolloutParts, wish: Wish): Promise<void> {
  if (!mayDeploy(wish.workspace)) return;
  const seen = await plansOf(parts, wish);
  if (seen === undefined) return;
  await parts.plans.show(planDocument({ ...wish, looked: seen.looked }, vscode.l10n.t), wish);
  const usual = wish.of === null ? usualLimits(wish.workspace.root) : limitsOf(wish.of);
  const limits = await chosenLimits(wish, seen.looked, usual);
  if (limits === undefined) return;
  const rollout = rolloutOf(wish, seen.looked, limits);
  if (!(await isConfirmed(parts, wish, rollout))) return;
  // What was true when the plan was made may have changed while it was read.
  if (mayDeploy(wish.workspace)) await supervise(parts, rollout, seen.ways);
}

function limitsOf({ batch, maxFailures }: Rollout): Limits {
  return { batch: String(batch), maxFailures };
}

/** Asks all boxes for their plans; nothing where a person gives that up. */
async function plansOf({ fleet, deployments, log }: RolloutParts, wish: Wish): Promise<Seen | undefined> {
  const title = vscode.l10n.t('Planning {0} in {1}', wish.app, wish.environment);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const tell = (done: number, of: number) =>
      progress.report({ message: vscode.l10n.t('{0} of {1}', done, boxesText(of)), increment: 100 / of });
    try {
      const seen = await see(wish, (box) => fleet.agent(box), stop.signal, tell);
      return { ...seen, looked: withBalancers(seen.looked, balancing(wish, seen, deployments)) };
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      log.error(`The plans of ${wish.app} failed: ${(error as Error).stack}`);
      void vscode.window.showErrorMessage(
        vscode.l10n.t('Strata: no plan could be made: {0}', (error as Error).message),
      );
      return undefined;
    }
  });
}

function balancing({ app, workspace }: Wish, { ways }: Seen, deployments: Deployments) {
  const { balancers } = ways;
  const folder = vscode.Uri.parse(workspace.root).fsPath;
  return { workspace: folder, app, balancers, rollouts: () => restingRollouts(deployments) };
}

async function see(
  { app, boxes, isLatest }: Wish,
  agentOf: (box: FleetBox) => Promise<RemoteAgent>,
  signal: AbortSignal,
  tell: (done: number, of: number) => void,
): Promise<Seen> {
  const opened = await Promise.all(boxes.map(({ box, request }) => openBox(box, request, agentOf)));
  const asked = opened.flatMap((one) => ('agent' in one ? [one] : []));
  const looked = await lookAtBoxes({ boxes: asked, isLatest }, { signal, tell });
  const found = new Map(looked.map((one) => [one.box, one]));
  const failed = opened.flatMap((one) => ('error' in one ? [one] : []));
  for (const one of failed) found.set(one.box, one);
  return {
    looked: boxes.flatMap(({ box }) => found.get(box.name) ?? []),
    ways: {
      agents: asked.map(({ agent }) => agent),
      balancers: balancersOf(
        boxes.map(({ box }) => box),
        app,
      ),
    },
  };
}

async function openBox(
  box: FleetBox,
  request: DeploymentRequest,
  agentOf: (box: FleetBox) => Promise<RemoteAgent>,
): Promise<AskedBox | (Looked & { error: RemoteError })> {
  try {
    const place = { environment: box.environment, cluster: box.cluster };
    return { agent: await agentOf(box), request, place };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { box: box.name, request, error };
  }
}

/** Says what stands in the way, or asks whether to go on; nothing where it ends here. */
async function chosenLimits(
  wish: Wish,
  looked: readonly Looked[],
  usual: Limits,
): Promise<Limits | undefined> {
  const hindrance = hindranceOf(looked, usual.maxFailures);
  const { action, app, environment } = wish;
  if (hindrance === undefined) {
    const { boxes } = rolloutOf(wish, looked, usual);
    const open = boxes.filter((one) => one.outcome === null);
    if (open.length === 0) return void tellNothing(app, environment);
    const title = titleOf(rolloutOf(wish, looked, usual));
    const next = await askWhatNext(title, action, open.length);
    if (next !== 'options') return next && usual;
    const said = await askLimits(title, usual);
    const isStill = said === undefined || hindranceOf(looked, said.maxFailures) === undefined;
    return isStill ? said : await chosenLimits(wish, looked, said);
  }
  if (hindrance.why === 'blocked') {
    const text = vscode.l10n.t('Strata: nothing was begun. {0}', hindranceText(looked, hindrance));
    void vscode.window.showErrorMessage(text);
    return undefined;
  }
  const text = vscode.l10n.t(
    'Strata: nothing was begun. Out of reach: {0}',
    hindranceText(looked, hindrance),
  );
  const without = vscode.l10n.t('Go On Without Them');
  const offered = hindrance.isAll ? [] : [without];
  if ((await vscode.window.showErrorMessage(text, ...offered)) !== without) return undefined;
  return await chosenLimits(wish, looked, { ...usual, maxFailures: hindrance.boxes.length });
}

/** Which boxes are in the way, and why: `b1, b2: nothing listens there`. */
function hindranceText(looked: readonly Looked[], { boxes }: Hindrance): string {
  const why = new Map<string, string[]>();
  for (const { box, error } of looked.filter((one) => boxes.includes(one.box))) {
    const reason = error?.message ?? vscode.l10n.t('something stands in the way, see the plan');
    why.set(reason, [...(why.get(reason) ?? []), box]);
  }
  return [...why].map(([reason, names]) => `${names.join(', ')}: ${reason}`).join('; ');
}

function tellNothing(app: string, environment: string): void {
  const text = vscode.l10n.t(
    'Strata: nothing to do, all boxes of {1} have this {0} already.',
    app,
    environment,
  );
  void vscode.window.showInformationMessage(text);
}

function rolloutOf(wish: Wish, looked: readonly Looked[], { batch, maxFailures }: Limits): Rollout {
  const { action, app, environment, workspace, of } = wish;
  return newRollout({
    ...{ action, app, environment, of: of?.id ?? null, created: Date.now() },
    workspace: vscode.Uri.parse(workspace.root).fsPath,
    ...{ batch: batchSize(batch, looked.length) ?? 1, maxFailures, canary: 0 },
    boxes: looked.map(wantedOf),
  });
}

async function isConfirmed({ asking }: RolloutParts, wish: Wish, rollout: Rollout): Promise<boolean> {
  const open = rollout.boxes.filter((one) => one.outcome === null);
  const text = vscode.l10n.t('{0}, on {1}?', titleOf(rollout), boxesText(open.length));
  const most =
    rollout.maxFailures === 0
      ? vscode.l10n.t('No other is begun once one has failed.')
      : vscode.l10n.t('No other is begun once more than {0} have failed.', rollout.maxFailures);
  const names = open.map(({ box }) => box).join(', ');
  const detail = `${vscode.l10n.t('Boxes: {0}; {1} at a time.', names, boxesText(rollout.batch))} ${most}`;
  const yes = wish.action === 'deploy' ? vscode.l10n.t('Deploy') : vscode.l10n.t('Roll Back');
  if (!(await asking.confirm(text, detail, yes))) return false;
  if (!isProtected(wish.workspace, wish.environment)) return true;
  return await asking.typeName(text, wish.environment);
}

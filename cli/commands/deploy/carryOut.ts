import { batchSize } from '../../../remote/rollout/batches.ts';
import { withBalancers } from '../../../remote/rollout/leftOut.ts';
import { type Looked, wantedOf } from '../../../remote/rollout/look.ts';
import { newRollout } from '../../../remote/rollout/newRollout.ts';
import type { Rollout } from '../../../remote/rollout/record.ts';
import { UsageError } from '../../failure.ts';
import { restingRollouts } from '../../rollouts/files.ts';
import { confirm } from './confirm.ts';
import { follow } from './follow.ts';
import type { Job } from './job.ts';
import { askForPlans } from './look.ts';
import type { RolloutOptions } from './options.ts';
import { refuseObstacles, showPlans } from './plans.ts';
import { stoppable } from './stopping.ts';
import { summaryJson } from './summary.ts';

interface Options extends RolloutOptions {
  plan?: true;
}

/** Plans what is to be done, shows it, asks, and does it. Sets the exit code. */
export async function carryOut(job: Job, options: Options): Promise<void> {
  await stoppable(async (stopping) => {
    const limits = limitsOf(job, options);
    const looked = balanced(job, await askForPlans(job, stopping.signal));
    showPlans(job.action, looked, options.json === true);
    refuseObstacles(looked, limits.maxFailures);
    if (options.plan) return;
    const rollout = rolloutOf(job, looked, limits);
    if (rollout.boxes.every((one) => one.outcome === 'no_change')) return tellNothing(rollout, options);
    await confirm({ ...job, text: questionText(job, rollout) }, options.yes === true, stopping.signal);
    await follow(rollout, job.boxes, { isJson: options.json === true, stopping });
  });
}

function balanced({ app, workspace, boxes }: Job, looked: readonly Looked[]): Looked[] {
  const balancers = new Map(boxes.map((one) => [one.agent.box, one.balancers]));
  return withBalancers(looked, { workspace: workspace.root, app, balancers, rollouts: restingRollouts });
}

type Limits = Pick<Parameters<typeof newRollout>[0], 'batch' | 'maxFailures' | 'canary'>;

/** How careful the rollout is: as is said, else as the one that it mends. */
function limitsOf({ boxes, of }: Job, options: Options): Limits {
  const names = boxes.map(({ agent }) => agent.box);
  const said = options.batch === undefined ? undefined : batchSize(options.batch, boxes.length);
  return {
    batch: said ?? of?.batch ?? 1,
    maxFailures: options.maxFailures ?? of?.maxFailures ?? 0,
    canary: canaryOf(options.canary ?? [], names),
  };
}

function canaryOf(said: readonly string[], names: readonly string[]): readonly string[] | number {
  const [only = ''] = said;
  if (said.length === 1 && /^\d{1,6}$/.test(only) && !names.includes(only)) return Number(only);
  const other = said.find((name) => !names.includes(name));
  if (other === undefined) return said;
  throw new UsageError(`--canary ${other}: that is none of the boxes: ${names.join(', ')}`);
}

function rolloutOf(
  { action, app, environment, workspace, of }: Job,
  looked: readonly Looked[],
  limits: Limits,
): Rollout {
  const about = { action, app, environment, workspace: workspace.root, of: of?.id ?? null };
  return newRollout({ ...about, ...limits, created: Date.now(), boxes: looked.map(wantedOf) });
}

function tellNothing(rollout: Rollout, { json }: Options): void {
  const text = json
    ? JSON.stringify(summaryJson(rollout, 0))
    : `nothing to do: ${boxesText(rollout.boxes.length)} of ${rollout.environment} have it already`;
  process.stdout.write(`${text}\n`);
}

function questionText({ action, app, environment }: Job, { boxes }: Rollout): string {
  const open = boxes.filter((one) => one.outcome === null);
  const versions = [...new Set(open.map((one) => one.version ?? 'the latest'))].join(', ');
  const where = `${boxesText(open.length)} of ${environment}`;
  return action === 'deploy'
    ? `Deploy ${app} ${versions} to ${where}?`
    : `Roll ${app} back to ${versions} on ${where}?`;
}

function boxesText(count: number): string {
  return count === 1 ? '1 box' : `${count} boxes`;
}

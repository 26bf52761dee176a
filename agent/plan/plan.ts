import fs from 'node:fs/promises';
import path from 'node:path';
import { cancelled } from '../../artifact/cancelling.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import type { Plan } from '../../protocol/deploymentPlan.ts';
import { agentFailure } from '../configuration/failures.ts';
import type { StepPlan } from '../deploy/step.ts';
import type { Mask } from '../mask/mask.ts';
import type { PlanBox } from './box.ts';
import { commitsBetween } from './commits.ts';
import { digestOf } from './digest.ts';
import { type Findings, findingsOf } from './findings.ts';
import { inTemporary } from './temporary.ts';
import { lookAt, type View } from './view.ts';

/**
 * What a deployment would do to this box. The artifact is fetched and checked; of its files only those that a plan needs are unpacked, in a
 * folder that is gone when this ends, and nothing else of the box changes. What would make the deployment fail stands among the
 * obstacles. `missing`, `invalid`, `unavailable`, `cancelled`.
 */
export async function makePlan(box: PlanBox, request: DeploymentRequest, signal: AbortSignal): Promise<Plan> {
  try {
    return await inTemporary(box.temporary, async (folder, used) =>
      planOf(await lookAt(box, request, { folder, used }, signal)),
    );
  } catch (error) {
    throw agentFailure(`${request.app} could not be planned`, signal.aborted ? cancelled(signal) : error);
  }
}

async function planOf(view: View): Promise<Plan> {
  const plan = await blankPlan(view);
  const findings = view.isNoOp ? undefined : await findingsOf(view);
  if (findings !== undefined) await fill(view, plan, findings);
  plan.obstacles = view.obstacles.map((text) => view.mask.apply(text));
  return { ...plan, digest: await digestOf(view, findings?.steps ?? []) };
}

async function blankPlan(view: View): Promise<Omit<Plan, 'digest'>> {
  const { box, request, target, live, isNoOp, obstacles } = view;
  const owner = await box.busy(request.app);
  // Whoever waits for its turn is not kept by who has the app now.
  if (owner !== undefined && request.busy !== 'wait') {
    const since = new Date(owner.since).toISOString();
    obstacles.push(`${request.app} is busy: ${owner.what}, by ${owner.user} since ${since}`);
  }
  const { environment, cluster = null, hostname = null } = box.settings;
  return {
    app: request.app,
    channel: target.channel,
    place: { environment, cluster, hostname },
    from: live?.version ?? null,
    to: target.version,
    isNoOp,
    ...{ commits: [], config: [], files: [], units: [], vhosts: [], restarts: [], migrations: [], hooks: [] },
    notes: [],
    obstacles,
  };
}

async function fill(
  view: View,
  plan: Omit<Plan, 'digest'>,
  { release, configuration, steps }: Findings,
): Promise<void> {
  const { box, target, live, signal } = view;
  if (target.series !== undefined) {
    const between = { from: live?.version, to: target.version };
    plan.commits = await commitsBetween(box.repository, target.series, between, signal);
  }
  if (release !== undefined) plan.hooks = await hooksOf(release);
  if (configuration !== undefined) {
    plan.config = configuration.config;
    plan.files = configuration.files;
  }
  for (const step of steps) takeIn(plan, masked(step.plan, view.mask));
}

/** Steps render secrets into files, and name them in what they tell. */
function masked(plan: StepPlan, mask: Mask): StepPlan {
  return JSON.parse(JSON.stringify(plan), (_, value) =>
    typeof value === 'string' ? mask.apply(value) : value,
  );
}

const hookNames = ['prepare', 'deployed', 'validate'];

async function hooksOf(release: string): Promise<string[]> {
  const found = await Promise.all(
    hookNames.map(async (name) => {
      const stat = await fs.stat(path.join(release, 'deploy/hooks', name)).catch(() => undefined);
      return stat?.isFile() === true && (stat.mode & 0o111) !== 0;
    }),
  );
  return hookNames.filter((_, index) => found[index]);
}

function takeIn(plan: Omit<Plan, 'digest'>, part: StepPlan): void {
  plan.config.push(...(part.config ?? []));
  plan.files.push(...(part.files ?? []));
  plan.units.push(...(part.units ?? []));
  plan.vhosts.push(...(part.vhosts ?? []));
  plan.restarts.push(...(part.restarts ?? []));
  plan.migrations.push(...(part.migrations ?? []));
  plan.notes = [...(plan.notes ?? []), ...(part.notes ?? [])];
}

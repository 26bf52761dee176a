import fs from 'node:fs/promises';
import path from 'node:path';
import type { Unpacked } from '../../artifact/archive/unpack.ts';
import { bytesText } from '../../artifact/bytes.ts';
import type { Artifact } from '../../artifact/repository/head.ts';
import { defaultChannel } from '../../artifact/repository/repository.ts';
import { isObject, parsed } from '../../artifact/signing/manifest.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import type { Plan } from '../../protocol/deploymentPlan.ts';
import { fetchUnpacked } from '../configuration/artifacts.ts';
import { agentFailure, stopIfCancelled } from '../configuration/failures.ts';
import { configurationStepName } from '../configuration/step.ts';
import type { StepContext, StepPlan } from '../deploy/step.ts';
import type { PlanBox } from './box.ts';
import { commitsBetween } from './commits.ts';
import { configurationPlan } from './configuration.ts';
import { digestOf } from './digest.ts';
import { inTemporary } from './temporary.ts';
import { lookAt, orObstacle, type View } from './view.ts';

/**
 * What a deployment would do to this box. The artifact is fetched and checked; of its files only those that a plan needs are unpacked, in a
 * folder that is gone when this ends, and nothing else of the box changes. What would make the deployment fail stands among the
 * obstacles. `missing`, `invalid`, `unavailable`, `cancelled`.
 */
export async function makePlan(box: PlanBox, request: DeploymentRequest, signal: AbortSignal): Promise<Plan> {
  try {
    return await inTemporary(box.temporary, async (folder) => {
      const view = await lookAt(box, request, folder, signal);
      const plan = await blankPlan(view);
      if (!view.isNoOp) await fill(view, plan);
      return plan;
    });
  } catch (error) {
    stopIfCancelled(signal);
    throw agentFailure(`${request.app} could not be planned`, error);
  }
}

async function blankPlan(view: View): Promise<Plan> {
  const { box, request, target, live, isNoOp, obstacles } = view;
  const owner = await box.busy(request.app);
  // Whoever waits for its turn is not kept by who has the app now.
  if (owner !== undefined && request.busy !== 'wait') {
    const since = new Date(owner.since).toISOString();
    obstacles.push(`${request.app} is busy: ${owner.what}, by ${owner.user} since ${since}`);
  }
  return {
    app: request.app,
    channel: target.series?.channel ?? request.channel ?? defaultChannel,
    from: live?.version ?? null,
    to: target.version,
    isNoOp,
    ...{ commits: [], config: [], files: [], units: [], vhosts: [], restarts: [], migrations: [], hooks: [] },
    obstacles,
    digest: await digestOf(view),
  };
}

async function fill(view: View, plan: Plan): Promise<void> {
  const { box, target, live, signal, obstacles } = view;
  if (target.series !== undefined) {
    const between = { from: live?.version, to: target.version };
    plan.commits = await commitsBetween(box.repository, target.series, between, signal);
  }
  const release = await orObstacle(obstacles, () => releaseOf(view));
  if (release === undefined) return;
  plan.hooks = await hooksOf(release);
  const configuration = await orObstacle(obstacles, () => configurationPlan(view, release));
  if (configuration === undefined) return;
  plan.config = configuration.config;
  plan.files = configuration.files;
  const config = configuration.text === undefined ? {} : parsed(configuration.text);
  await takeInSteps(view, plan, contextOf(view, release, isObject(config) ? config : {}));
}

/** The folder of the new release: the one that is there, or what is unpacked of it; nothing where it may not be used. */
async function releaseOf(view: View): Promise<string | undefined> {
  const { target, folder } = view;
  if (target.there !== undefined) return target.there.path;
  return target.artifact && unpack(view, target.artifact, path.join(folder, 'release'));
}

async function unpack(view: View, artifact: Artifact, into: string): Promise<string> {
  const { box, signal, obstacles } = view;
  const only = (name: string) =>
    name.startsWith('deploy/') ||
    !name.includes('/') ||
    box.steps.some((step) => step.reads?.(name) === true);
  try {
    await fs.mkdir(into);
    const { folder, size } = await fetchUnpacked(box.repository, artifact, into, { only, signal });
    await checkRoom(box.root, size, obstacles);
    return folder;
  } catch (error) {
    throw agentFailure('the artifact could not be looked at', error);
  }
}

/** What a file takes beside its bytes, about, in bytes. */
const perFile = 2048;

async function checkRoom(root: string, size: Unpacked, obstacles: string[]): Promise<void> {
  const { bavail, bsize, files, ffree } = await fs.statfs(root);
  const needed = size.archiveBytes + size.expandedBytes + size.entries * perFile;
  const free = bavail * bsize;
  if (needed > free) {
    obstacles.push(
      `too little room in ${root}: ${bytesText(needed)} are needed, ${bytesText(free)} are free`,
    );
  }
  // Some file systems make inodes as they need them, and say that they have none.
  if (files > 0 && size.entries > ffree) {
    obstacles.push(`too few inodes in ${root}: ${size.entries} are needed, ${ffree} are free`);
  }
}

const hookNames = ['prepare', 'deployed'];

async function hooksOf(release: string): Promise<string[]> {
  const found = await Promise.all(
    hookNames.map(async (name) => {
      const stat = await fs.stat(path.join(release, 'deploy/hooks', name)).catch(() => undefined);
      return stat?.isFile() === true && (stat.mode & 0o111) !== 0;
    }),
  );
  return hookNames.filter((_, index) => found[index]);
}

function contextOf(view: View, release: string, config: Record<string, unknown>): StepContext {
  const { box, request, target, live, signal } = view;
  const { environment, cluster } = box.settings;
  return {
    ...{ app: request.app, version: target.version, release, previous: live?.path, config },
    ...{ configs: request.configs, environment, cluster, signal },
    // What a plan looks at is told in the plan.
    log: () => undefined,
    mask: () => undefined,
  };
}

async function takeInSteps({ box, obstacles }: View, plan: Plan, context: StepContext): Promise<void> {
  for (const step of box.steps) {
    if (step.name === configurationStepName || !step.applies(context)) continue;
    const part = await orObstacle(obstacles, () => step.plan(context));
    if (part !== undefined) takeIn(plan, part);
  }
}

function takeIn(plan: Plan, part: StepPlan): void {
  plan.config.push(...(part.config ?? []));
  plan.files.push(...(part.files ?? []));
  plan.units.push(...(part.units ?? []));
  plan.vhosts.push(...(part.vhosts ?? []));
  plan.restarts.push(...(part.restarts ?? []));
  plan.migrations.push(...(part.migrations ?? []));
  plan.obstacles.push(...(part.obstacles ?? []));
}

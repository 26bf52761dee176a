import fs from 'node:fs/promises';
import path from 'node:path';
import type { Unpacked } from '../../artifact/archive/unpack.ts';
import { bytesText } from '../../artifact/bytes.ts';
import type { Artifact } from '../../artifact/repository/head.ts';
import { fetchUnpacked } from '../artifacts/fetchUnpacked.ts';
import { configurationData } from '../configuration/configurationText.ts';
import { agentFailure } from '../configuration/failures.ts';
import { configurationStepName } from '../configuration/step.ts';
import type { Step, StepContext, StepPlan } from '../deploy/step.ts';
import { ask } from '../deploy/steps/commands.ts';
import { readOwned } from '../deploy/steps/owned.ts';
import { stepsOf } from '../deploy/steps/stepsOf.ts';
import type { PlanBox } from './box.ts';
import { type ConfigurationPlan, configurationPlan } from './configuration.ts';
import { orObstacle, type View } from './view.ts';

/** What is found in a new release, as far as nothing stands in the way. */
export interface Findings {
  /** Its folder, with what of it a plan looks at. */
  release: string | undefined;
  configuration: ConfigurationPlan | undefined;
  /** What the steps would do, in their order; their secrets are not hidden. */
  steps: readonly { name: string; plan: StepPlan }[];
}

/** Those that tell something of their own: what the configuration becomes follows from what it is made of. */
export function tellingSteps({ steps }: PlanBox): Step[] {
  return steps.filter(({ name }) => name !== configurationStepName);
}

/** Looks into the new release; fetches the artifact where it is not on the box. What is in the way is told among the view's obstacles. */
export async function findingsOf(view: View): Promise<Findings> {
  const { obstacles } = view;
  const release = await orObstacle(obstacles, () => releaseOf(view));
  if (release === undefined) return { release, configuration: undefined, steps: [] };
  const configuration = await orObstacle(obstacles, () => configurationPlan(view, release));
  if (configuration === undefined) return { release, configuration, steps: [] };
  const steps = await stepFindings(view, contextOf(view, release, configuration.text ?? '{}'));
  return { release, configuration, steps };
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
    const { repository, archives: cache } = box;
    const { folder, size } = await fetchUnpacked(repository, artifact, into, { only, cache, signal });
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

type Common = Omit<StepContext, 'options' | 'owned'>;

function contextOf(view: View, release: string, configText: string): Common {
  const { box, request, target, live, signal } = view;
  const { environment, cluster } = box.settings;
  return {
    ...{ app: request.app, version: target.version, release, previous: live?.path, configText },
    config: configurationData(configText),
    ...{ configs: request.configs, environment, cluster, signal },
    ...{ channel: target.channel, metadata: target.artifact?.metadata ?? {} },
    ...{ root: box.root, user: box.owner?.(request.app) },
    ask: (command) => ask(command, signal),
    // What a plan looks at is told in the plan.
    log: () => undefined,
    mask: (secret) => view.mask.add(secret),
  };
}

async function stepFindings({ box, obstacles }: View, common: Common): Promise<Findings['steps']> {
  const found: { name: string; plan: StepPlan }[] = [];
  const wanted = await orObstacle(obstacles, () =>
    stepsOf(tellingSteps(box), { ...common, state: box.state }),
  );
  for (const { step, options } of wanted ?? []) {
    const owned = await readOwned(box.state, common.app, step.name);
    const context = { ...common, options, owned };
    if (step.applies?.(context) === false) continue;
    const plan = await orObstacle(obstacles, () => step.plan(context));
    obstacles.push(...(plan?.obstacles ?? []));
    if (plan !== undefined) found.push({ name: step.name, plan });
  }
  return found;
}

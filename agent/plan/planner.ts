import fs from 'node:fs/promises';
import path from 'node:path';
import { isArtifactName } from '../../artifact/names.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import type { ArchiveCache } from '../artifacts/archiveCache.ts';
import { type ConfigurationBox, configurationStep } from '../configuration/step.ts';
import { asAgentError } from '../deploy/failures.ts';
import { ownerOf } from '../deploy/lock.ts';
import type { Step } from '../deploy/step.ts';
import { AgentError } from '../failure.ts';
import { isSecretSetting } from '../mask/secretSettings.ts';
import { appPlaces } from '../releases/layout.ts';
import { linkedRelease, releaseOf } from '../releases/releases.ts';
import type { Agent } from '../service.ts';
import type { PlanBox } from './box.ts';
import { checkPlan } from './digest.ts';
import { liveConfig } from './liveConfig.ts';
import { makePlan } from './plan.ts';
import { boxSalt } from './secrets.ts';
import { sweepPlans } from './temporary.ts';
import { turnsOf } from './turns.ts';

/** What plans and configurations are made with. */
export interface PlannerOptions extends ConfigurationBox {
  /** Where the agent keeps its own. */
  state: string;
  /** Those that come behind the configuration, in their order. */
  steps?: readonly Step[] | undefined;
  /** Which settings are secret, by their dotted paths; those that usually are when left out. */
  secretPattern?: RegExp | undefined;
  /** Where archives are kept for the deployment that follows a plan; nowhere when left out. */
  archives?: ArchiveCache | undefined;
}

/** The parts of an agent that know configurations. */
export interface Planner {
  plan: Agent['plan'];
  config: Agent['config'];
  /** Refuses, with `moved`, a deployment whose plan is no longer true: costs no artifact. */
  check(request: DeploymentRequest, signal: AbortSignal): Promise<void>;
  /** All that a deployment does: the configuration first. */
  steps: readonly Step[];
}

/** So many plans are made at once: each fetches an artifact and unpacks some of it. */
const mostPlans = 4;

/** Makes the parts of an agent that know configurations; sweeps what an earlier life left of its plans. `unavailable`, `full`. */
export async function openPlanner(options: PlannerOptions): Promise<Planner> {
  const temporary = path.join(options.state, 'plans');
  try {
    await fs.mkdir(temporary, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw asAgentError(error);
  }
  await sweepPlans(temporary);
  const turns = turnsOf(mostPlans);
  const box = planBox(options, temporary, await boxSalt(path.join(options.state, 'salt')));
  return {
    steps: box.steps,
    plan: async (request, signal) => {
      const asked = checked(request);
      return await turns(() => makePlan(box, asked, signal), signal).catch((error: unknown) => {
        throw asAgentError(error);
      });
    },
    check: async (request, signal) => checkPlan(box, checked(request), signal),
    config: async (app) => liveConfig(box, checked({ app }).app),
  };
}

function planBox(options: PlannerOptions, temporary: string, salt: Uint8Array): PlanBox {
  const { root, state, steps = [], secretPattern } = options;
  const places = (app: string) => appPlaces(root, app);
  return {
    ...options,
    ...{ temporary, steps: [configurationStep(options), ...steps] },
    secrets: { salt, isSecret: (name) => isSecretSetting(name, secretPattern) },
    live: (app) => linkedRelease(places(app), 'live'),
    previous: (app) => linkedRelease(places(app), 'previous'),
    release: (app, version, channel) => releaseOf(places(app), version, channel),
    busy: (app) => ownerOf(path.join(state, 'locks', `${app}.lock`)),
  };
}

/** Names become paths here. */
function checked(request: DeploymentRequest): DeploymentRequest {
  const { app, channel, version, configs } = request;
  const names = [app, channel, version, configs].filter((one) => one !== undefined);
  const wrong = names.find((one) => !isArtifactName(one));
  if (wrong === undefined) return request;
  throw new AgentError(
    'invalid',
    `${JSON.stringify(wrong)} can be no name of an app, a channel or a version`,
  );
}

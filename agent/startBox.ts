import fs from 'node:fs/promises';
import path from 'node:path';
import { openRepository, type Repository } from '../artifact/repository/repository.ts';
import { trustFrom } from '../artifact/signing/trustSettings.ts';
import { openStore } from '../artifact/store/openStore.ts';
import type { Owner } from '../protocol/deployment.ts';
import { appSettings, configurationSettings, ownerOf } from './boxSettings.ts';
import type { AgentConfig } from './config/config.ts';
import { configurationStep } from './configuration/step.ts';
import { startAgent } from './deploy/startAgent.ts';
import type { Step } from './deploy/step.ts';
import { AgentError } from './failure.ts';
import { fileJournals } from './journal/fileJournals.ts';
import type { PlanBox } from './plan/box.ts';
import { liveConfig } from './plan/liveConfig.ts';
import { makePlan } from './plan/plan.ts';
import { boxSalt, usualSecrets } from './plan/secrets.ts';
import { sweepPlans } from './plan/temporary.ts';
import { appPlaces } from './releases/layout.ts';
import { linkedRelease, releases } from './releases/releases.ts';
import type { Agent } from './service.ts';

/** Starts the agent of a box as its config says. `invalid`, `busy`, `unavailable`, `full`. */
export async function startBox(config: () => AgentConfig): Promise<Agent> {
  const { root, state, secrets, limits } = config();
  const repository = await openBoxRepository(config());
  const steps: Step[] = [];
  const box: PlanBox = await planBox(config, { repository, steps, busy: (app) => ownerIn(agent, app) });
  steps.push(configurationStep(box));
  const agent: Agent = await startAgent({
    root,
    state,
    repository,
    journals: fileJournals(state, { logBytes: limits.logBytes }),
    steps,
    settings: (app) => appSettings(config(), app),
    secretPattern: secrets && oneOf(secrets),
    plan: (request, signal) => makePlan(box, request, signal),
    config: (app) => liveConfig(box, app),
  });
  return agent;
}

/** The repository that a box deploys from; `invalid`. */
export async function openBoxRepository({ repository }: AgentConfig): Promise<Repository> {
  const { store, s3, trust } = repository;
  return openRepository(await openStore(store, { s3 }), trustFrom(trust, []));
}

async function planBox(
  config: () => AgentConfig,
  parts: Pick<PlanBox, 'repository' | 'steps' | 'busy'>,
): Promise<PlanBox> {
  const { root, state, secrets } = config();
  const temporary = path.join(state, 'plans');
  await fs.mkdir(temporary, { recursive: true, mode: 0o700 });
  await sweepPlans(temporary);
  return {
    ...parts,
    root,
    temporary,
    secrets: { patterns: secrets ?? usualSecrets, salt: await boxSalt(path.join(state, 'salt')) },
    // A config that was read again counts from the next deployment on.
    get settings() {
      return configurationSettings(config());
    },
    owner: (app) => ownerOf(config(), app),
    live: (app) => linkedRelease(appPlaces(root, app), 'live'),
    previous: (app) => linkedRelease(appPlaces(root, app), 'previous'),
    release: async (app, version) =>
      (await releases(appPlaces(root, app))).find((one) => one.version === version),
  };
}

/** Who has an app now, by the deployment that does. */
async function ownerIn(agent: Agent, app: string): Promise<Owner | undefined> {
  try {
    const { running } = await agent.app(app);
    if (running === null) return undefined;
    const { id, user, created, action, version } = await agent.deployment(running);
    return { deployment: id, user, since: created, what: `${action} ${app} ${version}` };
  } catch (error) {
    if (error instanceof AgentError && error.code === 'missing') return undefined;
    throw error;
  }
}

/** Patterns as one that fits where any of them does. */
function oneOf(patterns: readonly RegExp[]): RegExp {
  if (patterns.length === 0) return /(?!)/;
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), 'iu');
}

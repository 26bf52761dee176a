import { openRepository, type Repository } from '../artifact/repository/repository.ts';
import { trustFrom } from '../artifact/signing/trustSettings.ts';
import { openStore } from '../artifact/store/openStore.ts';
import { appSettings, configurationSettings, ownerOf } from './boxSettings.ts';
import type { AgentConfig } from './config/config.ts';
import { startAgent } from './deploy/startAgent.ts';
import { fileJournals } from './journal/fileJournals.ts';
import { openPlanner } from './plan/planner.ts';
import type { Agent } from './service.ts';
import { tellingWebhooks } from './tellWebhooks.ts';

/** Starts the agent of a box as its config says. `invalid`, `busy`, `unavailable`, `full`. */
export async function startBox(config: () => AgentConfig, log: (line: string) => void): Promise<Agent> {
  const { root, state, secrets, limits } = config();
  const repository = await openBoxRepository(config());
  const shared = { root, state, repository, secretPattern: secrets && oneOf(secrets) };
  const planner = await openPlanner({
    ...shared,
    settings: configurationSettings(config()),
    owner: (app) => ownerOf(config(), app),
  });
  const agent = await startAgent({
    ...shared,
    journals: fileJournals(state, { logBytes: limits.logBytes }),
    settings: (app) => appSettings(config(), app),
    steps: planner.steps,
    plan: planner.plan,
    check: planner.check,
    config: planner.config,
    log,
  });
  return await tellingWebhooks(agent, config(), log);
}

/** The repository that a box deploys from; `invalid`. */
export async function openBoxRepository({ repository }: AgentConfig): Promise<Repository> {
  const { store, s3, trust } = repository;
  return openRepository(await openStore(store, { s3 }), trustFrom(trust, []));
}

/** Patterns as one that fits where any of them does. */
function oneOf(patterns: readonly RegExp[]): RegExp {
  if (patterns.length === 0) return /(?!)/;
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), 'iu');
}

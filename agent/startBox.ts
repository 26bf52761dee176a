import path from 'node:path';
import { openRepository, type Repository } from '../artifact/repository/repository.ts';
import { trustFrom } from '../artifact/signing/trustSettings.ts';
import { openStore } from '../artifact/store/openStore.ts';
import { archiveCache } from './artifacts/archiveCache.ts';
import type { AuditLog } from './auth/auditLog.ts';
import { appSettings, configurationSettings, ownerOf } from './boxSettings.ts';
import type { AgentConfig } from './config/config.ts';
import { startAgent } from './deploy/startAgent.ts';
import { fileJournals } from './journal/fileJournals.ts';
import { secretPattern } from './mask/secretSettings.ts';
import { openPlanner } from './plan/planner.ts';
import type { Agent } from './service.ts';
import { builtInSteps } from './steps/builtIn.ts';
import { webhookTeller } from './tellWebhooks.ts';

/** Starts the agent of a box as its config says. `invalid`, `busy`, `unavailable`, `full`. */
export async function startBox(
  config: () => AgentConfig,
  { audit, log }: { audit: AuditLog; log(line: string): void },
): Promise<Agent> {
  const { root, state, secrets, limits } = config();
  const repository = await openBoxRepository(config());
  const archives = archiveCache(path.join(state, 'archives'));
  const shared = { root, state, repository, archives, secretPattern: secretPattern(secrets) };
  const planner = await openPlanner({
    ...shared,
    settings: configurationSettings(config()),
    owner: (app) => ownerOf(config(), app),
    steps: builtInSteps(repository, config().steps),
  });
  const teller = webhookTeller(config(), audit, log);
  const agent = await startAgent({
    ...shared,
    journals: fileJournals(state, { logBytes: limits.logBytes }),
    settings: (app) => appSettings(config(), app),
    steps: planner.steps,
    plan: planner.plan,
    check: planner.check,
    config: planner.config,
    tell: teller.tell,
    log,
  });
  await teller.open();
  return {
    ...agent,
    async drain() {
      await agent.drain();
      await teller.close();
    },
  };
}

/** The repository that a box deploys from; `invalid`. */
export async function openBoxRepository({ repository }: AgentConfig): Promise<Repository> {
  const { store, s3, trust } = repository;
  return openRepository(await openStore(store, { s3 }), trustFrom(trust, []));
}

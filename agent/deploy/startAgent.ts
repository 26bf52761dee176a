import fs from 'node:fs/promises';
import path from 'node:path';
import type { Deployment, Owner } from '../../protocol/deployment.ts';
import { AgentError } from '../failure.ts';
import { gcReleases } from '../releases/gc.ts';
import { appPlaces } from '../releases/layout.ts';
import type { Agent } from '../service.ts';
import { appNames, appStatus } from './apps.ts';
import { asAgentError } from './failures.ts';
import { type Lock, lockFile } from './lock.ts';
import { type Fleet, openFleet } from './fleet.ts';
import type { AgentOptions } from './options.ts';
import { openRecords } from './records.ts';
import { checkName } from './request.ts';
import { usualSettings } from './settings.ts';

/**
 * Starts the agent of a root. What an earlier life left unfinished is taken to its end; until then its apps are locked. `busy` where
 * another agent has the root, `unavailable` where the disk does not let it begin.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const state = options.state ?? path.join(options.root, '.strata-agent');
  try {
    await fs.mkdir(path.join(state, 'locks'), { recursive: true, mode: 0o700 });
    const lock = await lockFile(path.join(state, 'agent.lock'));
    if (lock === undefined) throw new AgentError('busy', `another agent works on ${options.root} (${state})`);
    const records = await openRecords(path.join(state, 'deployments'));
    const fleet = await openFleet({ options, state, records });
    return agentOver(fleet, lock);
  } catch (error) {
    throw asAgentError(error);
  }
}

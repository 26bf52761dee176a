import { randomBytes } from 'node:crypto';
import { chosenVersion } from '../../artifact/repository/head.ts';
import { defaultChannel, seriesOf } from '../../artifact/repository/repository.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { AgentError } from '../failure.ts';
import { appPlaces } from '../releases/layout.ts';
import { linkedRelease } from '../releases/releases.ts';
import type { Principal } from '../service.ts';
import { asAgentError } from './failures.ts';
import type { AgentOptions } from './options.ts';
import type { DeploymentRecord } from './records.ts';
import { requestText } from './request.ts';

/**
 * The record of a new deployment: which version it will make live. Nothing is done yet. `missing`, `refused`, `unavailable`, and `moved` where
 * it was made for a plan that no longer holds.
 */
export async function newRecord(
  options: AgentOptions,
  request: DeploymentRequest,
  by: Principal,
  key: string | undefined,
): Promise<DeploymentRecord> {
  const now = Date.now();
  const { version, channel } = await chosen(options, request);
  await checkPlan(options, request, new AbortController().signal);
  return {
    id: `${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}-${randomBytes(5).toString('hex')}`,
    action: request.rollback ? 'rollback' : 'deploy',
    app: request.app,
    channel,
    version,
    previous: null,
    state: 'accepted',
    user: by.name,
    created: now,
    updated: now,
    lastEvent: 0,
    result: null,
    reason: null,
    request,
    key: key === undefined ? null : { text: key, request: requestText(request) },
    swing: null,
  };
}

async function chosen(
  { root, repository }: AgentOptions,
  { app, channel = defaultChannel, version, rollback }: DeploymentRequest,
): Promise<{ version: string; channel: string }> {
  if (rollback && version === undefined) {
    const previous = await linkedRelease(appPlaces(root, app), 'previous');
    if (previous !== undefined) return { version: previous.version, channel: previous.channel ?? channel };
    throw new AgentError('missing', `${app} has no release to go back to: name a version`);
  }
  try {
    return { channel, version: await chosenVersion(repository, seriesOf(app, { channel }), { version }) };
  } catch (error) {
    throw asAgentError(error);
  }
}

/** `moved` where the box is no longer as the plan found it. */
export async function checkPlan(
  { plan, check }: AgentOptions,
  request: DeploymentRequest,
  signal: AbortSignal,
): Promise<void> {
  if (request.plan === undefined) return;
  if (check !== undefined) return await check(request, signal);
  const { digest } = await plan(request, signal);
  if (digest === request.plan) return;
  const message = `${request.app} has changed since the plan ${request.plan}: it is ${digest} now; look at the new plan`;
  throw new AgentError('moved', message, { digest });
}

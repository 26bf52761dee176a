import { randomBytes } from 'node:crypto';
import { chosenVersion } from '../../artifact/repository/head.ts';
import { defaultChannel } from '../../artifact/repository/repository.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { appSeries } from '../artifacts/appSeries.ts';
import { AgentError } from '../failure.ts';
import { appPlaces } from '../releases/layout.ts';
import { linkedRelease, releaseOf } from '../releases/releases.ts';
import type { Principal } from '../service.ts';
import { asAgentError } from './failures.ts';
import type { AgentOptions } from './options.ts';
import type { DeploymentRecord } from './records.ts';
import { requestText } from './request.ts';

/**
 * The record of a new deployment: which version it will make live. Nothing is done yet. `missing`, `forbidden`, `refused`, `unavailable`, and
 * `moved` where it was made for a plan that no longer holds.
 */
export async function newRecord(
  options: AgentOptions,
  request: DeploymentRequest,
  by: Principal,
  key: string | undefined,
): Promise<DeploymentRecord> {
  const now = Date.now();
  const { version, channel, scope } = await chosen(options, request);
  by.check?.({ scope, channel });
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

/** What a request means: which version of which channel, and what one must be allowed for it. */
interface Chosen {
  version: string;
  channel: string;
  scope: 'deploy' | 'rollback';
}

async function chosen(options: AgentOptions, request: DeploymentRequest): Promise<Chosen> {
  const there = request.rollback ? await goneBackTo(options, request) : undefined;
  if (there !== undefined) return there;
  const { app, channel = defaultChannel, version } = request;
  try {
    const series = await appSeries(options.repository, app, channel);
    const found = await chosenVersion(options.repository, series, { version });
    return { channel, version: found, scope: 'deploy' };
  } catch (error) {
    throw asAgentError(error);
  }
}

/** The release that a rollback goes back to, with its own channel; nothing where the box does not have it: then it is deployed. */
async function goneBackTo(
  { root }: AgentOptions,
  { app, channel, version }: DeploymentRequest,
): Promise<Chosen | undefined> {
  const places = appPlaces(root, app);
  const there =
    version === undefined
      ? await linkedRelease(places, 'previous')
      : await releaseOf(places, version, channel);
  if (there !== undefined) {
    return {
      version: there.version,
      channel: there.channel ?? channel ?? defaultChannel,
      scope: 'rollback',
    };
  }
  if (version !== undefined) return undefined;
  throw new AgentError('missing', `${app} has no release to go back to: name a version`);
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
